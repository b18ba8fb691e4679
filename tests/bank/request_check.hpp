// SPDX-License-Identifier: MIT
// A PKCS#10 request as the bank looks at it: opened, and refused with a sentence when it is not fit to be
// certified.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "bank/openssl_handles.hpp"

namespace koshin::bank {

/// A request that the bank says no to; what() goes to the client as text.
class Refusal : public std::runtime_error {
 public:
  Refusal(int status, const std::string& text) : std::runtime_error(text), status_(status) {}
  int status() const noexcept { return status_; }

 private:
  int status_;
};

struct SigningRequest {
  Bytes subject;             ///< Name as encoded
  std::string common_name;   ///< last CN, UTF-8
  Bytes public_key;          ///< SubjectPublicKeyInfo as encoded
  std::optional<Bytes> san;  ///< value of the requested subjectAltName as encoded
  std::optional<std::string> challenge_password;
};

/// Parses `der` and verifies what the request says of itself: its signature (proof of possession), a digest
/// that is not broken, a key that is strong enough (RSA from 2048 bits, P-256, P-384, P-521 by name). Throws
/// Refusal{400}.
SigningRequest open_request(ByteView der);
/// Value of the subjectAltName extension of a certificate, as encoded.
std::optional<Bytes> san_of(const X509* certificate);

}  // namespace koshin::bank
