// SPDX-License-Identifier: MIT
// The table of profiles, and the rules that all profiles share.
#include "renewal/policy/token_profile.hpp"

#include <algorithm>
#include <array>

#include "renewal/policy/token_profiles.hpp"

namespace koshin::renewal {

std::optional<Failure> TokenProfile::objection(const SecretToTry& secret, const PinState& state) const {
  if (secret.kind == messages::SecretKind::security_officer_pin) return so_pin_objection(secret, state);
  return why_pin_is_not_tried(state.token, secret.characters, secret.value, secret.consent);
}

std::optional<Failure> TokenProfile::why_person_cannot_renew(const messages::TokenReport& token,
                                                             const Settings& settings) const {
  if (token.management_key == messages::ManagementKey::unusable)
    return Failure{Reason::management_key_unsupported, {}, {}};
  if (key_manager_secret(token.management_key, settings) != KeyManagerSecret::given) return std::nullopt;
  return Failure{Reason::so_pin_required, {}, {}};
}

std::optional<Failure> TokenProfile::so_pin_objection(const SecretToTry&, const PinState&) const {
  return std::nullopt;
}

std::optional<Failure> TokenProfile::why_not_reset(const SecretToTry& secret, const PinState& state) const {
  const auto refuse = [](const std::string& why) {
    return Failure{Reason::so_pin_incorrect, "the security officer's PIN was not tried: " + why, {}};
  };
  const bool on_reader = secret.value == nullptr && state.token.protected_path;
  if (!on_reader && (secret.value == nullptr || secret.value->empty()))
    return Failure{Reason::so_pin_required, "a PIN is set by the security officer: use --so-pin-stdin", {}};
  if (state.so_pin_locked) return refuse("the token says that it is locked");
  if (state.so_pin_final_try && !secret.consent.final_try)
    return refuse("one more wrong one locks it; --insist-final-try tries it all the same");
  return std::nullopt;
}

bool TokenProfile::is_home(std::span<const std::uint8_t> id) const {
  return std::ranges::any_of(home_ids(), [&](const Bytes& home) { return std::ranges::equal(home, id); });
}

bool TokenProfile::is_placeholder(const CertificateFacts& certificate) const {
  return certificate.self_issued;
}

std::span<const TokenProfile* const> all_profiles() {
  static const std::array<const TokenProfile*, 2> all{&profile_of(TokenProfileName::generic),
                                                      &profile_of(TokenProfileName::piv)};
  return all;
}

const TokenProfile& profile_of(TokenProfileName name) {
  switch (name) {
    case TokenProfileName::piv:
      return piv_profile();
    case TokenProfileName::generic:
      break;
  }
  return generic_profile();
}

const TokenProfile& profile_of(const Settings& settings) {
  return profile_of(settings.token.profile);
}

}  // namespace koshin::renewal
