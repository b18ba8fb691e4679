// SPDX-License-Identifier: MIT
// What is on a token, as the messages between the processes say it.
#pragma once

#include <string>
#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "foundation/jobs/messages.hpp"
#include "pkcs11/types.hpp"
#include "renewal/policy/token_profile.hpp"
#include "renewal/token/issuers.hpp"

namespace koshin::renewal {

/// The token alone, without its objects. How long its PIN is, the profile says.
messages::TokenReport report_token(const std::string& module, const pkcs11::TokenInfo& info,
                                   const TokenProfile& profile);

/// How much of the token was seen.
struct Seen {
  bool private_objects = false;  ///< somebody is logged in, or nobody has to: what was not seen is not there
  bool blind_keys_told = true;   ///< each private key that does not tell its public key was asked for it
};

/// Adds the objects: each certificate once, with its purpose, holder, issuer and key; keys that stand alone.
void report_objects(messages::TokenReport& report, const std::vector<pkcs11::TokenObject>& objects,
                    const Seen& seen);

/// The certificates of authorities among the objects of a token.
Certificates authorities_among(const std::vector<pkcs11::TokenObject>& objects);

/// One certificate, by itself.
messages::CertificateReport report_certificate(const enrollment::Certificate& certificate,
                                               pkcs11::ByteView id, const std::string& label);

/// "ec-p256", "rsa-2048", or what OpenSSL calls it; "unknown" for what cannot be parsed.
std::string key_algorithm_of(pkcs11::ByteView public_key);

}  // namespace koshin::renewal
