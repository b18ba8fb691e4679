// SPDX-License-Identifier: MIT
// The properties of a kind of token that PKCS#11 does not describe: which role generates keys, the CKA_IDs of
// new keys, which CKA_IDs are koshin's alone, and the clean-up after the proof. The setting token.profile
// names the kind.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/settings/settings.hpp"
#include "renewal/policy/pin_rules.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// The role that generates keys, writes certificates and deletes both.
enum class KeyManager { user, security_officer };

/// Where the secret with which that role logs in comes from.
enum class KeyManagerSecret {
  given,      ///< an administrator knows it, and gives it to the job
  users_pin,  ///< it is the user's PIN, or the token's module gets it with that
  derived,    ///< it is computed from the user's PIN
  factory     ///< it is the one that all tokens of the kind leave the factory with
};

/// Who may set a PIN without the old one, and with which secret.
enum class PinResetter {
  security_officer,  ///< C_Login(CKU_SO), C_InitPIN
  puk                ///< the PUK of a PIV card (SP 800-73-4 part 2, section 3.2.3)
};

/// Lengths of the user's PIN in bytes.
struct PinLengths {
  unsigned shortest = 0, longest = 0;  ///< `longest` 0: unknown
  bool operator==(const PinLengths&) const = default;
};

/// A secret to be checked before it is presented to the token.
struct SecretToTry {
  messages::SecretKind kind{};  ///< `pin` or `security_officer_pin`
  const SecureBuffer* value =
      nullptr;  ///< null: a PIN for the reader's PIN pad, or a missing security officer's PIN
  PinCharacters characters = PinCharacters::any;  ///< for a PIN: the setting token.pin_characters
  PinConsent consent;
};

/// The token's flags about its PINs.
struct PinState {
  const messages::TokenReport& token;  ///< state of the user's PIN, with the lengths of pin_lengths()
  bool so_pin_locked = false;          ///< CKF_SO_PIN_LOCKED
  bool so_pin_final_try = false;       ///< CKF_SO_PIN_FINAL_TRY
};

/// The properties of a certificate object that profiles use.
struct CertificateFacts {
  std::span<const std::uint8_t> id;  ///< CKA_ID
  bool self_issued = false;          ///< issuer and subject are the same
  bool never_valid = false;          ///< is_never_valid()
};

/// Whether a validity ends when it begins, as that of ykcs11's placeholders does.
inline bool is_never_valid(TimePoint not_before, TimePoint not_after) {
  return not_after <= not_before;
}

/// The clean-up on the token once the new certificate has logged in.
enum class AfterProof {
  nothing,
  remove_left_pairs,  ///< pairs that koshin has made for the same certificate and that are of no use any more
  clear_spare,        ///< the old certificate, which was in a spare slot while its own slot got a new key
};

/// The CKA_IDs of a token, as far as a new key pair must not take one of them.
struct KeyIds {
  std::vector<Bytes> in_use;   ///< of all objects on the token
  std::vector<Bytes> emptied;  ///< of those the ones whose key koshin made and whose certificate is gone
  /// The slot in which the new certificate belongs, if its key may be made anew
  /// (renewal/policy/home_slot.hpp).
  std::optional<Bytes> home = {};
};

class TokenProfile {
 public:
  TokenProfile() = default;
  TokenProfile(const TokenProfile&) = delete;
  TokenProfile& operator=(const TokenProfile&) = delete;
  virtual ~TokenProfile() = default;

  virtual TokenProfileName name() const = 0;

  virtual KeyManager key_manager() const = 0;
  /// The secret of the key manager, where none was given to the job.
  virtual KeyManagerSecret key_manager_secret(messages::ManagementKey, const Settings&) const {
    return KeyManagerSecret::users_pin;
  }
  /// Why the person with the PIN alone cannot renew: so_pin_required or management_key_unsupported. Empty:
  /// the person can.
  std::optional<Failure> why_person_cannot_renew(const messages::TokenReport& token,
                                                 const Settings& settings) const;

  /// The lengths of the user's PIN that koshin applies; `claimed`: those of CK_TOKEN_INFO.
  virtual PinLengths pin_lengths(PinLengths claimed) const = 0;
  /// Why the secret must not be presented, determined before a try is spent: the result of
  /// why_pin_is_not_tried() for the user's PIN; so_pin_required or so_pin_incorrect for the security
  /// officer's PIN.
  std::optional<Failure> objection(const SecretToTry& secret, const PinState& state) const;

  virtual PinResetter pin_resetter() const { return PinResetter::security_officer; }
  /// What a new PIN consists of, where the setting token.pin_characters is `set`: that, or fewer characters.
  virtual PinCharacters new_pin_characters(PinCharacters set) const { return set; }
  /// Why the secret of pin_resetter() must not be presented, determined before a try of it is spent:
  /// so_pin_required, so_pin_incorrect or puk_incorrect.
  virtual std::optional<Failure> why_not_reset(const SecretToTry& secret, const PinState& state) const;

  /// CKA_ID of a new pair. `marked`: a new CKA_ID with koshin's mark, for tokens that take any. Throws
  /// FailureError{token_full}.
  virtual Bytes new_key_id(const KeyIds& ids, const Bytes& marked) const = 0;
  /// The CKA_IDs of the slots in which programs look for a certificate, the one for logging in first, then
  /// the one for signatures. Empty:
  /// programs find a certificate under any CKA_ID.
  virtual std::vector<Bytes> home_ids() const { return {}; }
  bool is_home(std::span<const std::uint8_t> id) const;
  /// The slot's name, as the vendor's tools show it: "9a". Empty for a token without numbered slots.
  virtual std::string place_name(std::span<const std::uint8_t>) const { return {}; }
  /// Whether koshin alone would choose this CKA_ID. Objects with other CKA_IDs are recognized by their
  /// contents.
  virtual bool is_ours(std::span<const std::uint8_t> id) const = 0;
  /// Whether the certificate is only a placeholder beside a key: self-issued, not issued by an authority.
  virtual bool is_placeholder(const CertificateFacts& certificate) const;
  /// Whether the token can delete a key pair completely.
  virtual bool deletes_pairs() const = 0;
  /// Whether a certificate that is written for a key overwrites the one that is there for this key.
  virtual bool overwrites_certificates() const = 0;
  /// Whether a small object of koshin's own shows that the token can be written
  /// (renewal/steps/trial_object.hpp): anybody may add and delete objects that belong to no key.
  virtual bool tries_writing() const = 0;
  /// Whether an attestation certificate is the token's own word (renewal/token/attestation.hpp). Elsewhere
  /// whoever has the PIN can write two certificates that look like one.
  virtual bool attests_keys() const = 0;
  /// The clean-up after `record`, the renewal whose certificate has just logged in.
  virtual AfterProof after_proof(const Record& record) const = 0;

 private:
  virtual std::optional<Failure> so_pin_objection(const SecretToTry& secret, const PinState& state) const;
};

/// All profiles. Their lifetime is that of the program.
std::span<const TokenProfile* const> all_profiles();

/// The profile of this name; of the settings, the one that token.profile names.
const TokenProfile& profile_of(TokenProfileName name);
const TokenProfile& profile_of(const Settings& settings);

}  // namespace koshin::renewal
