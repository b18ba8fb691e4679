// SPDX-License-Identifier: MIT
#include "pin_setting.hpp"

#include <utility>

#include "foundation/secrets/secret_input.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::ui {

using messages::SecretKind;

bool PinSetting::may_be_entered_again(Reason reason) {
  switch (reason) {
    case Reason::pin_incorrect:
    case Reason::pin_length_invalid:
    case Reason::pin_count_low:
    case Reason::pin_final_try:
    case Reason::pin_cancelled:
    case Reason::pin_required:
    case Reason::secret_unusable:
    case Reason::new_pin_refused:
    case Reason::pin_change_unknown:
    case Reason::puk_incorrect:
    case Reason::so_pin_incorrect:
    case Reason::so_pin_required:
      return true;
    default:
      return false;
  }
}

void PinSetting::begin(bool required, bool from_current) {
  shown_ = {.required = required, .from_current = from_current, .rules = {}};
}

void PinSetting::prepare_for(const messages::TokenReport& token) {
  secrets_.wipe_pins();
  shown_.rules = renewal::new_pin_rules(token, settings_);
  shown_.by_puk = renewal::profile_of(settings_).pin_resetter() == renewal::PinResetter::puk;
}

std::optional<Failure> PinSetting::take_resetting_secret(SecureBuffer secret,
                                                         const messages::TokenReport& token) {
  secrets_.drop_resetting_secret();
  const SecretKind kind = shown_.by_puk ? SecretKind::puk : SecretKind::security_officer_pin;
  const renewal::SecretToTry tried{kind, &secret, {}, {}};
  if (auto why = secret_is_unusable(secret)) return why;
  if (auto why = renewal::profile_of(settings_).why_not_reset(tried, {token})) return why;
  secrets_.take_resetting_secret(std::move(secret));
  return std::nullopt;
}

std::optional<Failure> PinSetting::take_new_pin(SecureBuffer new_pin, bool changes) {
  auto why = renewal::new_pin_does_not_fit(shown_.rules, new_pin, changes ? &secrets_.pin() : nullptr);
  if (why) {
    secrets_.wipe_pins();
    return why;
  }
  secrets_.take_new_pin(std::move(new_pin));
  return std::nullopt;
}

Failure PinSetting::fate(const messages::Event& end) const {
  const auto* failure = std::get_if<Failure>(&end);
  return watch_.fate(failure != nullptr
                         ? *failure
                         : Failure{Reason::worker_failed, "no result of the change of the PIN", {}});
}

void PinSetting::was_set(const messages::PinResult& result, messages::TokenReport& known) {
  shown_.pin_file = result.pin_file;
  const messages::TokenReport& now = result.token;
  known.pin_set = now.pin_set;
  known.pin_locked = now.pin_locked;
  known.pin_count_low = now.pin_count_low;
  known.pin_final_try = now.pin_final_try;
  known.pin_to_be_changed = now.pin_to_be_changed;
  known.pin_change_unknown = false;
}

}  // namespace koshin::ui
