// SPDX-License-Identifier: MIT
// Search for objects, and their attributes.
#pragma once

#include <optional>
#include <vector>

#include "pkcs11/attributes.hpp"

namespace koshin::pkcs11 {

/// Reads objects of one session. CKA_VALUE is never read from private keys: on a token with extractable keys
/// it is the key itself. So CKA_VALUE of a certificate is part of the first C_GetAttributeValue only where no
/// private key can be visible, or where a search by CKA_CLASS has told the certificates apart; else it needs
/// a second call. One for each session: it remembers an object that could be read.
class ObjectReader {
 public:
  ObjectReader(const FunctionTable& functions, CK_SESSION_HANDLE session)
      : functions_(&functions), session_(session) {}

  /// All objects: one search, and on a token with many objects a second one for the certificates.
  /// `private_keys_visible`: logged in, or no login required.
  std::vector<TokenObject> find_all(bool private_keys_visible);
  /// See Session::list(), read_listed(), certificates_with_id() and certificates_with_subject().
  ObjectList list();
  std::vector<TokenObject> read_listed(const std::vector<std::uint64_t>& listed, bool certificates);
  std::optional<std::vector<std::uint64_t>> certificates_with_id(ByteView id);
  std::optional<std::vector<std::uint64_t>> certificates_with_subject(ByteView name);
  /// One search by CKA_ID; a search for all objects where the module rejects the template.
  std::vector<TokenObject> find(ByteView id, bool private_keys_visible);
  /// The public key of a new key pair, as find() would return it.
  TokenObject read_public_key(CK_OBJECT_HANDLE handle);
  /// The private key of a new key pair, and its origin, in one call.
  TokenObject read_private_key(CK_OBJECT_HANDLE handle, KeyOrigin& origin);
  /// See Session::is_blank().
  bool is_blank(const TokenObject& object);
  /// See Session::objects_without_class().
  std::vector<std::uint64_t> without_class();

 private:
  /// Handles of matching objects; empty when the module rejects the template.
  std::optional<std::vector<CK_OBJECT_HANDLE>> handles(CK_ATTRIBUTE* wanted, CK_ULONG count);
  std::optional<std::vector<std::uint64_t>> certificates_with(CK_ATTRIBUTE attribute);
  std::vector<CK_OBJECT_HANDLE> all_handles();
  /// Whether the object has neither class nor name nor identifier nor value, by the module's word.
  bool says_nothing(CK_OBJECT_HANDLE handle);
  /// The certificates among `all`, by a search for their class; empty when the module cannot tell them apart.
  std::optional<std::vector<CK_OBJECT_HANDLE>> certificate_handles(const std::vector<CK_OBJECT_HANDLE>& all);
  std::vector<TokenObject> read_all(const std::vector<CK_OBJECT_HANDLE>& found, bool private_keys_visible);
  std::vector<TokenObject> read_apart(const std::vector<CK_OBJECT_HANDLE>& all,
                                      const std::vector<CK_OBJECT_HANDLE>& certificates);
  /// One object, and what the module answered when it failed to read its class, CKA_ID or value.
  struct Read {
    std::optional<TokenObject> object{};  ///< empty: not there any more, or of a class without use
    CK_RV failure = CKR_OK;
  };
  Read read(AttributeReader& reader, CK_OBJECT_HANDLE handle, bool private_keys_visible);
  /// Sets a certificate's value, from `common` or in a call of its own.
  void read_value(const AttributeReader& common, bool private_keys_visible, Read& one);
  /// Whether the module still reads the object that was read last, or, where none was, searches the token.
  bool still_answers();

  const FunctionTable* functions_;
  CK_SESSION_HANDLE session_;
  CK_OBJECT_HANDLE readable_ = CK_INVALID_HANDLE;  ///< read last, in whichever call
};

}  // namespace koshin::pkcs11
