// SPDX-License-Identifier: MIT
// PIV cards (NIST SP 800-73-4): keys are in numbered slots and the PIN authorizes signatures. Only the card
// management key, which PKCS#11 modules take as the security officer's PIN, generates keys and writes
// certificates.
#include <algorithm>

#include "renewal/policy/token_profiles.hpp"

namespace koshin::renewal {
namespace {

/// CKA_IDs of the slots for retired keys (82 to 95), as ykcs11 and OpenSC number them. The key in use is in
/// slot 9a, number 1.
constexpr std::uint8_t first_retired = 5, last_retired = 24;

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

  /// SP 800-73-4 part 2, section 2.4.3. ykcs11 claims 6 to 48 because it counts the management key as a PIN.
  PinLengths pin_lengths(PinLengths) const override { return {6, 8}; }

  /// The first slot for retired keys that is empty, so that the key in use stays; without any, one in which
  /// koshin's own key has lost its certificate, since a PIV slot cannot be emptied.
  Bytes new_key_id(const KeyIds& ids, const Bytes&) const override {
    const auto has = [](const std::vector<Bytes>& list, const Bytes& slot) {
      return std::find(list.begin(), list.end(), slot) != list.end();
    };
    std::optional<Bytes> emptied;
    for (std::uint8_t number = first_retired; number <= last_retired; ++number) {
      Bytes slot{number};
      if (!has(ids.in_use, slot)) return slot;
      if (!emptied && has(ids.emptied, slot)) emptied = slot;
    }
    if (emptied) return *emptied;
    fail(Reason::token_full, "all slots of this card hold a key: delete what is not used any more");
  }

  /// Any program may use any slot number.
  bool is_ours(std::span<const std::uint8_t>) const override { return false; }
  /// A slot cannot be emptied; it is overwritten by the next key.
  bool deletes_pairs() const override { return false; }
  AfterProof after_proof(const Record&) const override { return AfterProof::nothing; }

 private:
  std::optional<Failure> so_pin_objection(const SecretToTry& secret, const PinState& state) const override {
    const auto refuse = [](const std::string& why) {
      return Failure{Reason::so_pin_incorrect, "the security officer's PIN was not tried: " + why, {}};
    };
    if (secret.value == nullptr || secret.value->empty())
      return Failure{Reason::so_pin_required,
                     "token \"" + state.token.label + "\" makes keys for its security officer only",
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
