// SPDX-License-Identifier: MIT
// Which key the new certificate gets: what the settings say, what the authority asks for, what the token can
// make. Pure.
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
      authority;               ///< asked for in /csrattrs: any of these; none: it does not say
  bool may_keep_key = true;    ///< false for an enrolment: its key is always new
  bool authority_told = true;  ///< false: its wishes could not be read this time
};
struct KeyChoice {
  bool same_key = false;  ///< no new pair: the old key is certified again
  std::string algorithm;  ///< "ec-p256"
};

/// Whether a key of this type is one that the authority asks for. One that does not say takes any.
bool authority_takes(const KeyWish& wish, std::string_view algorithm);

/// The settings' type, where the authority takes it; else the old key's, where it takes that; else the first
/// that it asks for and the token can make. Throws FailureError{key_algorithm_not_allowed} or
/// {token_mechanism_unsupported}.
KeyChoice choose_key(const KeyWish& wish, const pkcs11::MechanismSupport& token);

/// Bytes of the token's memory that a new pair and its certificate take, estimated on the low side: less than
/// this is certainly too little.
struct MemoryNeed {
  std::uint64_t private_bytes = 0, public_bytes = 0;
};
MemoryNeed memory_need(const KeyChoice& choice, std::size_t old_certificate_size);
/// Whether the token tells of less. That is a hint and no reason to stop: modules count in units of their
/// own, or say what they were compiled with. A token that is full says so when it is to make something.
bool tells_of_too_little(const pkcs11::TokenInfo& token, const MemoryNeed& need);

}  // namespace koshin::renewal
