// SPDX-License-Identifier: MIT
// What is on a token, as the messages between the processes say it.
#pragma once

#include <string>
#include <vector>

#include "enrollment/certificate.hpp"
#include "foundation/messages.hpp"
#include "pkcs11/types.hpp"

namespace koshin::renewal {

/// The token alone, without its objects.
messages::TokenReport report_token(const std::string& module, const pkcs11::TokenInfo& info);

/// Adds the objects: which certificate has which key, which are superseded, which keys stand alone. With
/// `private_keys_visible` a key that was not seen is not there.
void report_objects(messages::TokenReport& report, const std::vector<pkcs11::TokenObject>& objects,
                    bool private_keys_visible);

/// One certificate, by itself.
messages::CertificateReport report_certificate(const enrollment::Certificate& certificate,
                                               pkcs11::ByteView id, const std::string& label);

/// "ec-p256", "rsa-2048", or what OpenSSL calls it; "unknown" for what cannot be parsed.
std::string key_algorithm_of(pkcs11::ByteView public_key);

}  // namespace koshin::renewal
