// SPDX-License-Identifier: MIT
// What a token and its module say of themselves, and everything that lies on the token: for a report about a
// module, not for a renewal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pkcs11/module.hpp"
#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// CK_TOKEN_INFO beyond TokenInfo.
struct TokenDescription {
  std::string hardware, firmware;  ///< "1.2"
  std::vector<std::string> flags;  ///< the CKF_ names without their prefix, in the standard's order
};
/// One C_GetTokenInfo. Throws Error.
TokenDescription describe_token(Module& module, std::uint64_t slot);

/// CK_MECHANISM_INFO.
struct MechanismDescription {
  std::uint64_t number = 0;                 ///< CK_MECHANISM_TYPE
  std::string name;                         ///< "CKM_ECDSA"; empty for those that koshin has no use for
  std::uint64_t smallest = 0, largest = 0;  ///< key sizes, in the mechanism's own unit
  std::uint64_t flags = 0;                  ///< CKF_HW, CKF_SIGN, …
};
/// One C_GetMechanismList, and one C_GetMechanismInfo for each mechanism; those that the module lists and
/// cannot describe have zeros. Throws Error.
std::vector<MechanismDescription> describe_mechanisms(Module& module, std::uint64_t slot);

/// An object of any class, known by its contents.
struct ObjectFingerprint {
  std::string kind;  ///< "certificate", "public key", "private key", "secret key", "data", "other"
  Bytes id;          ///< CKA_ID
  std::string label;
  Bytes certificate_digest;  ///< SHA-256 of a certificate's CKA_VALUE; else empty
  Bytes digest;              ///< SHA-256 of all readable attributes below, each with its type and length
  bool operator==(const ObjectFingerprint&) const = default;
};
/// All objects of the token that this process may see: with a log-in of the user in this process also the
/// private ones. Read are CKA_CLASS, CKA_ID, CKA_LABEL, CKA_PRIVATE, of certificates and data also their
/// value and names, of keys their type, public numbers and what they are allowed. No value of a key is asked
/// for. Throws Error.
std::vector<ObjectFingerprint> fingerprints(Module& module, std::uint64_t slot);

}  // namespace koshin::pkcs11
