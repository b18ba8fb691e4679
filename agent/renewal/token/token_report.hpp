// SPDX-License-Identifier: MIT
// Reports of a token's contents, in the format of the messages between processes.
#pragma once

#include <string>
#include <vector>

#include "enrollment/x509/certificate.hpp"
#include "foundation/jobs/messages.hpp"
#include "pkcs11/types.hpp"
#include "renewal/policy/token_profile.hpp"
#include "renewal/token/issuers.hpp"

namespace koshin::renewal {

/// The token without its objects. The profile supplies the PIN lengths.
messages::TokenReport report_token(const std::string& module, const pkcs11::TokenInfo& info,
                                   const TokenProfile& profile);

/// How much of the token is visible.
struct Seen {
  bool private_objects = false;  ///< logged in, or no login required: all objects are visible
  bool blind_keys_resolved =
      true;  ///< each private key without a readable public key was tested by a signature
};

/// Adds the objects to the report: each certificate once, with purpose, holder, issuer and key; and keys
/// without a certificate. An object that the module failed to read makes the report's `trouble`.
void report_objects(messages::TokenReport& report, const std::vector<pkcs11::TokenObject>& objects,
                    const Seen& seen);

/// The CA certificates among the objects of a token.
Certificates authorities_among(const std::vector<pkcs11::TokenObject>& objects);

/// The report of one certificate, without its relation to others.
messages::CertificateReport report_certificate(const enrollment::Certificate& certificate,
                                               pkcs11::ByteView id, const std::string& label);

/// "ec-p256", "rsa-2048", or OpenSSL's name of the algorithm; "unknown" for a key that cannot be parsed.
std::string key_algorithm_of(pkcs11::ByteView public_key);

}  // namespace koshin::renewal
