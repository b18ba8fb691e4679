// SPDX-License-Identifier: MIT
// A TLS handshake in memory: a throw-away server that wants a client certificate, and a client that has one.
#pragma once

#include <openssl/ssl.h>

#include <string>

#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

struct TlsOutcome {
  bool finished = false;
  Bytes client_certificate;  ///< as the server saw it
  std::string trouble;       ///< OpenSSL's words when it did not finish
};

/// `version` is both the lowest and the highest one offered; `signature_algorithms` limits the client's when
/// not empty.
TlsOutcome handshake(EVP_PKEY* client_key, ByteView client_certificate, int version,
                     const std::string& signature_algorithms = "");

}  // namespace koshin::pkcs11
