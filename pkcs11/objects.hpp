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

  /// One search. `private_keys_visible`: somebody is logged in, or nobody has to.
  std::vector<TokenObject> find_all(bool private_keys_visible);
  /// One search by CKA_ID; for all objects where the module does not take that one.
  std::vector<TokenObject> find(ByteView id, bool private_keys_visible);
  /// A key pair just made: its public half, as found() would give it.
  TokenObject read_public_key(CK_OBJECT_HANDLE handle);
  /// Its private half and the attributes that tell of its origin, in one call.
  TokenObject read_private_key(CK_OBJECT_HANDLE handle, KeyOrigin& origin);
  /// See Session::is_blank().
  bool is_blank(const TokenObject& object);

 private:
  /// Empty when the module objects to what is searched for.
  std::optional<std::vector<CK_OBJECT_HANDLE>> handles(CK_ATTRIBUTE* wanted, CK_ULONG count);
  std::vector<CK_OBJECT_HANDLE> all_handles();
  std::vector<TokenObject> read_all(const std::vector<CK_OBJECT_HANDLE>& found, bool private_keys_visible);
  std::optional<TokenObject> read(AttributeReader& reader, CK_OBJECT_HANDLE handle);
  Bytes certificate_value(CK_OBJECT_HANDLE handle);

  const FunctionTable* functions_;
  CK_SESSION_HANDLE session_;
};

}  // namespace koshin::pkcs11
