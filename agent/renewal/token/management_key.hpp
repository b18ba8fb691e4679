// SPDX-License-Identifier: MIT
// The management key of a card, which makes keys: how it is to be had, and what is presented for it.
// docs/decisions/0018-management-key.md says why it is so.
#pragma once

#include <string>

#include "foundation/secrets/secure_buffer.hpp"
#include "pkcs11/module.hpp"
#include "renewal/policy/token_profile.hpp"
#include "renewal/token/job_context.hpp"

namespace koshin::renewal {

struct CardKey {
  messages::ManagementKey how = messages::ManagementKey::none;
  std::string algorithm;    ///< "3DES", "AES-192"; empty: the card does not say it
  std::string trouble;      ///< why `how` is unknown
  std::string reader;       ///< where the card was found
  bool public_one = false;  ///< the card says that it is the factory's, also where another way is told
  bool lost = false;        ///< the card was asked and did not answer
  pkcs11::Bytes salt;       ///< of `derived`
  std::uint8_t algorithm_number = 0;
};

/// Asks the card, without any secret. No session of the module may be open (pkcs11/yubikey.hpp). A token that
/// is no YubiKey is not asked. Throws pkcs11::Error.
CardKey find_card_key(pkcs11::Module& module, const pkcs11::TokenInfo& token, const TokenProfile& profile);

/// Where the secret of a job's key manager comes from, by the token's profile, what the job was given, and
/// the card.
KeyManagerSecret secret_of_key_manager(const JobContext& context, const TokenProfile& profile,
                                       const CardKey& key);

/// The management key in hexadecimal digits, as modules take it: computed from the PIN for `derived`, the
/// public one for `factory`. Throws FailureError{internal_error}.
SecureBuffer computed_card_key(const CardKey& key, KeyManagerSecret secret, const SecureBuffer* pin);

/// Deletes the private key in a slot of the card, where card and libykpiv can do that and the management key
/// is koshin's to present (KeyManagerSecret other than users_pin); else the key stays, which the log says. No
/// session of the module may be open.
void delete_card_key(const JobContext& context, const pkcs11::TokenInfo& token, const CardKey& key,
                     KeyManagerSecret secret, std::uint8_t slot);

/// What is said beside the token's answer when it refuses the secret.
std::string words_of_refused(KeyManagerSecret secret);

}  // namespace koshin::renewal
