// SPDX-License-Identifier: MIT
// PIV cards (NIST SP 800-73-4): keys are in numbered slots and the PIN authorizes signatures. Only the card
// management key, which PKCS#11 modules take as the security officer's PIN, generates keys and writes
// certificates.
#include <algorithm>
#include <array>

#include "foundation/base/text.hpp"
#include "renewal/policy/token_profiles.hpp"

namespace koshin::renewal {
namespace {

/// CKA_IDs of the slots, as ykcs11 and OpenSC number them: the four that programs look at, and those for
/// retired keys (82 to 95), in which koshin makes a new key while the one in use stays.
constexpr std::array<std::string_view, 4> homes{"9a", "9c", "9d", "9e"};
constexpr std::uint8_t first_home = 1, first_retired = 5, last_retired = 24;
constexpr std::uint8_t reference_of_first_retired = 0x82;

/// Length in hexadecimal digits. ykcs11 takes a shorter value for the user's PIN and would spend a try of
/// that PIN.
bool is_management_key(std::span<const char> key) {
  constexpr std::size_t shortest = 32, longest = 64;
  return key.size() >= shortest && key.size() <= longest && std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

class PivProfile final : public TokenProfile {
 public:
  TokenProfileName name() const override { return TokenProfileName::piv; }
  KeyManager key_manager() const override { return KeyManager::security_officer; }

  KeyManagerSecret key_manager_secret(messages::ManagementKey key, const Settings& settings) const override {
    switch (key) {
      case messages::ManagementKey::behind_pin:
        return KeyManagerSecret::users_pin;
      case messages::ManagementKey::derived:
        return KeyManagerSecret::derived;
      case messages::ManagementKey::factory:
        return settings.token.factory_management_key ? KeyManagerSecret::factory : KeyManagerSecret::given;
      default:
        return KeyManagerSecret::given;
    }
  }

  /// SP 800-73-4 part 2, section 2.4.3. ykcs11 claims 6 to 48 because it counts the management key as a PIN.
  PinLengths pin_lengths(PinLengths) const override { return {6, 8}; }

  PinResetter pin_resetter() const override { return PinResetter::puk; }
  /// SP 800-73-4 part 2, section 2.4.3: decimal digits.
  PinCharacters new_pin_characters(PinCharacters) const override { return PinCharacters::digits; }
  /// The lengths are those of section 2.4.3 for the PUK: 8 bytes; YubiKeys take 6 to 8.
  std::optional<Failure> why_not_reset(const SecretToTry& secret, const PinState&) const override {
    constexpr std::size_t shortest = 6, longest = 8;
    const auto refuse = [](const std::string& why) { return Failure{Reason::puk_incorrect, why, {}}; };
    if (secret.value == nullptr || secret.value->empty())
      return refuse("a new PIN is set with the card's PUK, and none was given: use --puk-stdin");
    if (secret.value->size() < shortest || secret.value->size() > longest)
      return refuse("the PUK was not tried: it has 6 to 8 characters");
    return std::nullopt;
  }

  /// The home slot where the new key may be made there. Else a slot for retired keys, so that the key in use
  /// stays: one in which koshin's own key has lost its certificate, since a PIV slot cannot be emptied and a
  /// card's slots are to last; without any, the first that is empty.
  Bytes new_key_id(const KeyIds& ids, const Bytes&) const override {
    const auto has = [](const std::vector<Bytes>& list, const Bytes& slot) {
      return std::find(list.begin(), list.end(), slot) != list.end();
    };
    if (ids.home) return *ids.home;
    std::optional<Bytes> empty;
    for (std::uint8_t number = first_retired; number <= last_retired; ++number) {
      Bytes slot{number};
      if (has(ids.emptied, slot)) return slot;
      if (!empty && !has(ids.in_use, slot)) empty = slot;
    }
    if (empty) return *empty;
    fail(Reason::token_full, "all slots of this card hold a key: delete what is not used any more");
  }

  std::vector<Bytes> home_ids() const override {
    std::vector<Bytes> ids;
    for (std::uint8_t number = first_home; number < first_retired; ++number) ids.push_back({number});
    return ids;
  }
  std::string place_name(std::span<const std::uint8_t> id) const override {
    if (id.size() != 1 || id.front() < first_home || id.front() > last_retired) return {};
    if (id.front() < first_retired) return std::string(homes.at(id.front() - std::size_t{first_home}));
    const auto reference = static_cast<std::uint8_t>(reference_of_first_retired + id.front() - first_retired);
    return to_hex(Bytes{reference});
  }

  /// Any program may use any slot number.
  bool is_ours(std::span<const std::uint8_t>) const override { return false; }
  /// ykcs11's has no validity; a valid one is a person's own, for a key that is used without an authority.
  bool is_placeholder(const CertificateFacts& certificate) const override {
    return certificate.self_issued && certificate.never_valid;
  }
  /// A slot cannot be emptied; it is overwritten by the next key.
  bool deletes_pairs() const override { return false; }
  /// A slot has one key and one certificate (SP 800-73-4 part 1, section 3.3).
  bool overwrites_certificates() const override { return true; }
  /// A card has places for what PIV knows, and no others.
  bool tries_writing() const override { return false; }
  /// YubiKeys do. Certificates are written with the management key, not with the PIN.
  bool attests_keys() const override { return true; }
  /// A renewal into a home slot has left the old certificate in its spare slot.
  AfterProof after_proof(const Record& record) const override {
    const bool brought_home = !record.enrollment && !record.same_key && is_home(record.key_id);
    return brought_home ? AfterProof::clear_spare : AfterProof::nothing;
  }

 private:
  /// What the card has said of its management key.
  static std::string why(const messages::TokenReport& token) {
    switch (token.management_key) {
      case messages::ManagementKey::given:
        return ", and keeps its management key neither behind the PIN nor derives it from the PIN";
      case messages::ManagementKey::factory:
        return ", and still has the factory's management key (token.factory_management_key)";
      default:
        return {};
    }
  }
  std::optional<Failure> so_pin_objection(const SecretToTry& secret, const PinState& state) const override {
    const auto refuse = [](const std::string& why) {
      return Failure{Reason::so_pin_incorrect, "the security officer's PIN was not tried: " + why, {}};
    };
    if (secret.value == nullptr || secret.value->empty())
      return Failure{
          Reason::so_pin_required,
          "token \"" + state.token.label + "\" makes keys for its security officer only" + why(state.token),
          {}};
    if (!is_management_key(secret.value->view()))
      return refuse("a management key has 32 to 64 hexadecimal digits");
    if (state.so_pin_locked) return refuse("the token says that it is locked");
    if (state.so_pin_final_try && !secret.consent.final_try)
      return refuse("one more wrong one locks it; --insist-final-try tries it all the same");
    return std::nullopt;
  }
};

}  // namespace

const TokenProfile& piv_profile() {
  static const PivProfile profile;
  return profile;
}

}  // namespace koshin::renewal
