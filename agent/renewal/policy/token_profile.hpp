// SPDX-License-Identifier: MIT
// What koshin has to know of a kind of token that PKCS#11 does not tell: who makes keys on it, where they go,
// which CKA_IDs are koshin's alone, what is left to do after the proof. The setting token.profile names the
// kind; every program asks here.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "foundation/settings/settings.hpp"
#include "renewal/policy/pin_rules.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// Who makes keys, writes certificates and deletes both.
enum class Maker { user, security_officer };

/// Of the user's PIN, in bytes.
struct PinLengths {
  unsigned shortest = 0, longest = 0;  ///< `longest` 0: not told
  bool operator==(const PinLengths&) const = default;
};

/// A secret that is about to be presented to the token.
struct SecretToTry {
  messages::SecretKind kind{};          ///< `pin` or `security_officer_pin`
  const SecureBuffer* value = nullptr;  ///< null: a PIN that is typed on the reader; an officer's nobody gave
  PinCharacters characters = PinCharacters::any;  ///< of a PIN: the setting token.pin_characters
  PinConsent consent;
};

/// What the token says of the secrets that open it.
struct PinState {
  const messages::TokenReport& token;  ///< the user's PIN; its lengths are those of pin_lengths()
  bool officer_locked = false;         ///< CKF_SO_PIN_LOCKED
  bool officer_final_try = false;      ///< CKF_SO_PIN_FINAL_TRY
};

/// A certificate on the token, as far as a profile tells one from another.
struct CertificateFacts {
  std::span<const std::uint8_t> id;  ///< CKA_ID
  bool self_issued = false;          ///< issuer and subject are the same
};

/// What is left to do on the token once the new certificate has logged in.
enum class AfterProof {
  nothing,
  remove_left_pairs,  ///< what koshin has made for the same certificate and nobody can use any more
};

class TokenProfile {
 public:
  TokenProfile() = default;
  TokenProfile(const TokenProfile&) = delete;
  TokenProfile& operator=(const TokenProfile&) = delete;
  virtual ~TokenProfile() = default;

  virtual TokenProfileName name() const = 0;

  virtual Maker maker() const = 0;
  /// Whether the person with the PIN can renew without an administrator.
  bool person_can_renew() const { return maker() == Maker::user; }

  /// The lengths that count, whatever the module claims.
  virtual PinLengths pin_lengths(PinLengths claimed) const = 0;
  /// Why this secret is not presented, found out before one of the token's tries is spent on it: what
  /// why_pin_is_not_tried() says of the user's PIN; so_pin_required, so_pin_incorrect of the officer's.
  std::optional<Failure> objection(const SecretToTry& secret, const PinState& state) const;

  /// CKA_ID of a new pair. `in_use`: the CKA_IDs of all objects on the token. `marked`: a new CKA_ID with
  /// koshin's mark, for tokens that take any. Throws FailureError{token_full}.
  virtual Bytes new_key_id(std::span<const Bytes> in_use, const Bytes& marked) const = 0;
  /// A CKA_ID that koshin has chosen and that nobody else would. What else has it is told by what it is.
  virtual bool is_ours(std::span<const std::uint8_t> id) const = 0;
  /// Only fills the place beside a key: nobody has issued it.
  virtual bool is_placeholder(const CertificateFacts& certificate) const;
  /// Whether nothing is left of a key pair that is deleted.
  virtual bool deletes_pairs() const = 0;
  /// `record`: of the renewal whose certificate has just logged in.
  virtual AfterProof after_proof(const Record& record) const = 0;

 private:
  virtual std::optional<Failure> officer_objection(const SecretToTry& secret, const PinState& state) const;
};

/// All there are. They live as long as the program.
std::span<const TokenProfile* const> all_profiles();

/// The one that token.profile names.
const TokenProfile& profile_of(TokenProfileName name);
const TokenProfile& profile_of(const Settings& settings);

}  // namespace koshin::renewal
