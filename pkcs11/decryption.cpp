// SPDX-License-Identifier: MIT
// C_DecryptInit, C_Decrypt; C_DeriveKey, C_GetAttributeValue.
#include "pkcs11/decryption.hpp"

#include <array>

#include "pkcs11/attributes.hpp"

namespace koshin::pkcs11 {
namespace {

/// Cryptoki takes pointers to non-const and must not write to them.
CK_BYTE* unchanged(ByteView bytes) {
  return const_cast<CK_BYTE*>(bytes.data());
}

}  // namespace

Bytes decrypt_rsa(const FunctionTable& functions, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key,
                  ByteView encrypted) {
  CK_MECHANISM mechanism{CKM_RSA_PKCS, nullptr, 0};
  functions.call(KOSHIN_CK(C_DecryptInit), session, &mechanism, key);
  Bytes message(largest_decrypted);
  CK_ULONG length = static_cast<CK_ULONG>(message.size());
  functions.call(KOSHIN_CK(C_Decrypt), session, unchanged(encrypted), encrypted.size(), message.data(),
                 &length);
  if (length > message.size()) throw Error(CKR_BUFFER_TOO_SMALL, "C_Decrypt");
  message.resize(length);
  return message;
}

Bytes agree_ecdh(const FunctionTable& functions, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key,
                 ByteView point, std::size_t size) {
  CK_ECDH1_DERIVE_PARAMS parameters{CKD_NULL, 0, nullptr, static_cast<CK_ULONG>(point.size()),
                                    unchanged(point)};
  CK_MECHANISM mechanism{CKM_ECDH1_DERIVE, &parameters, sizeof parameters};
  const CK_OBJECT_CLASS object_class = CKO_SECRET_KEY;
  const CK_KEY_TYPE type = CKK_GENERIC_SECRET;
  const CK_ULONG length = static_cast<CK_ULONG>(size);
  static constexpr CK_BBOOL is_true = CK_TRUE, is_false = CK_FALSE;
  std::array wanted{attribute_of_value(CKA_CLASS, object_class),  attribute_of_value(CKA_KEY_TYPE, type),
                    attribute_of_value(CKA_TOKEN, is_false),      attribute_of_value(CKA_SENSITIVE, is_false),
                    attribute_of_value(CKA_EXTRACTABLE, is_true), attribute_of_value(CKA_VALUE_LEN, length)};
  CK_OBJECT_HANDLE agreed = CK_INVALID_HANDLE;
  functions.call(KOSHIN_CK(C_DeriveKey), session, &mechanism, key, wanted.data(), wanted.size(), &agreed);
  Bytes value(largest_decrypted);
  CK_ATTRIBUTE read{CKA_VALUE, value.data(), static_cast<CK_ULONG>(value.size())};
  const CK_RV rv = functions.attempt(KOSHIN_CK(C_GetAttributeValue), session, agreed, &read, CK_ULONG{1});
  if (rv != CKR_OK) throw Error(rv, "C_GetAttributeValue");
  if (read.ulValueLen > value.size()) throw Error(CKR_BUFFER_TOO_SMALL, "C_GetAttributeValue");
  value.resize(read.ulValueLen);
  return value;
}

}  // namespace koshin::pkcs11
