// SPDX-License-Identifier: MIT
// Finding objects and reading them.
#pragma once

#include <optional>
#include <vector>

#include "pkcs11/attributes.hpp"

namespace koshin::pkcs11 {

/// Reads objects of one session. Private keys are never asked for CKA_VALUE: on a token that lets its keys
/// out, that is the key itself. So a certificate's value is part of the first C_GetAttributeValue only where
/// no private key can be visible, and a second one otherwise.
class ObjectReader {
 public:
  ObjectReader(const FunctionTable& functions, CK_SESSION_HANDLE session)
      : functions_(&functions), session_(session) {}

  /// One search with an optional CKA_ID. `private_keys_visible`: somebody is logged in, or nobody has to.
  std::vector<TokenObject> find(std::optional<ByteView> id, bool private_keys_visible);
  /// A key pair just made: its public half, as found() would give it.
  TokenObject read_public_key(CK_OBJECT_HANDLE handle);
  /// Its private half and the attributes that tell of its origin, in one call.
  TokenObject read_private_key(CK_OBJECT_HANDLE handle, KeyOrigin& origin);
  /// See Session::is_blank().
  bool is_blank(const TokenObject& object);

 private:
  std::vector<CK_OBJECT_HANDLE> handles(std::optional<ByteView> id);
  std::optional<TokenObject> read(AttributeReader& reader, CK_OBJECT_HANDLE handle);
  Bytes certificate_value(CK_OBJECT_HANDLE handle);

  const FunctionTable* functions_;
  CK_SESSION_HANDLE session_;
};

}  // namespace koshin::pkcs11
