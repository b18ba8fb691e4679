// SPDX-License-Identifier: MIT
// Tokens on which the user's PIN does everything and a key pair may have any CKA_ID.
#include "renewal/policy/mark_form.hpp"
#include "renewal/policy/token_profiles.hpp"

namespace koshin::renewal {
namespace {

class GenericProfile final : public TokenProfile {
 public:
  TokenProfileName name() const override { return TokenProfileName::generic; }
  KeyManager key_manager() const override { return KeyManager::user; }
  PinLengths pin_lengths(PinLengths claimed) const override { return claimed; }
  Bytes new_key_id(const KeyIds&, const Bytes& marked) const override { return marked; }
  /// CKA_IDs of this length are random: with koshin's mark in front or, from older versions, without.
  bool is_ours(std::span<const std::uint8_t> id) const override { return id.size() == own_id_size; }
  bool deletes_pairs() const override { return true; }
  bool overwrites_certificates() const override { return false; }
  bool tries_writing() const override { return true; }
  bool attests_keys() const override { return false; }
  AfterProof after_proof(const Record&) const override { return AfterProof::remove_left_pairs; }
};

}  // namespace

const TokenProfile& generic_profile() {
  static const GenericProfile profile;
  return profile;
}

}  // namespace koshin::renewal
