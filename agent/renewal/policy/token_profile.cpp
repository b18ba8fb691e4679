// SPDX-License-Identifier: MIT
// Which profiles there are, and what all of them have in common.
#include "renewal/policy/token_profile.hpp"

#include <algorithm>
#include <array>

#include "renewal/policy/token_profiles.hpp"

namespace koshin::renewal {

std::optional<Failure> TokenProfile::objection(const SecretToTry& secret, const PinState& state) const {
  if (secret.kind == messages::SecretKind::security_officer_pin) return officer_objection(secret, state);
  return why_pin_is_not_tried(state.token, secret.characters, secret.value, secret.consent);
}

std::optional<Failure> TokenProfile::officer_objection(const SecretToTry&, const PinState&) const {
  return std::nullopt;
}

bool TokenProfile::is_placeholder(const CertificateFacts& certificate) const {
  return certificate.self_issued;
}

std::span<const TokenProfile* const> all_profiles() {
  static const std::array<const TokenProfile*, 2> all{&generic_profile(), &piv_profile()};
  return all;
}

const TokenProfile& profile_of(const Settings& settings) {
  for (const TokenProfile* profile : all_profiles())
    if (profile->name() == settings.token.profile) return *profile;
  fail(Reason::settings_invalid, "token.profile: there is none called \"" + settings.token.profile + "\"");
}

}  // namespace koshin::renewal
