// SPDX-License-Identifier: MIT
// The key of the new certificate, chosen from settings, the authority's requirements and the token's
// mechanisms. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkcs11/types.hpp"

namespace koshin::renewal {

struct KeyWish {
  std::string policy;         ///< settings.renewal.key
  std::string old_algorithm;  ///< of the certificate being renewed; empty for an enrolment on an empty token
  std::vector<pkcs11::KeyAlgorithm>
      authority;               ///< its requirement: any of these is accepted; empty: it has none
  bool may_keep_key = true;    ///< false for an enrolment: its key is always new
  bool authority_told = true;  ///< false: its requirement could not be read this time
};
struct KeyChoice {
  bool same_key = false;  ///< the old key is certified again, no pair is generated
  std::string algorithm;  ///< "ec-p256"
};

/// Whether the authority accepts a key of this type. Without a requirement it accepts any.
bool authority_takes(const KeyWish& wish, std::string_view algorithm);

/// The settings' type, where the authority accepts it; else the old key's type, where the authority accepts
/// that; else the first type that the authority asks for and the token can generate. Throws
/// FailureError{key_algorithm_not_allowed} or {token_mechanism_unsupported}.
KeyChoice choose_key(const KeyWish& wish, const pkcs11::MechanismSupport& token);

/// Bytes of token memory for a new pair and its certificate: a lower bound.
struct MemoryNeed {
  std::uint64_t private_bytes = 0, public_bytes = 0;
};
/// `old_certificate_size`: DER size in bytes, the estimate for the new certificate.
MemoryNeed memory_need(const KeyChoice& choice, std::size_t old_certificate_size);
/// Whether the token reports less free memory than needed. Only a hint: modules count in other units, or
/// report constants. A full token fails when an object is created.
bool tells_of_too_little(const pkcs11::TokenInfo& token, const MemoryNeed& need);

}  // namespace koshin::renewal
