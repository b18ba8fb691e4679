// SPDX-License-Identifier: MIT
// The only key of the view: found by every search for private keys; signs with the real key.
#include <algorithm>
#include <cstring>
#include <utility>

#include "pkcs11/libp11_view_state.hpp"

namespace koshin::pkcs11 {
namespace {

constexpr CK_OBJECT_HANDLE the_key = 1;

CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE* wanted, CK_ULONG count) {
  return in_session(session, [&](View& /*state*/, ViewSession& found) {
    found.to_be_found = true;
    for (CK_ULONG i = 0; i < count; ++i) {
      CK_OBJECT_CLASS object_class = 0;
      if (wanted[i].type != CKA_CLASS || wanted[i].ulValueLen != sizeof object_class) continue;
      std::memcpy(&object_class, wanted[i].pValue, sizeof object_class);
      found.to_be_found = object_class == CKO_PRIVATE_KEY;
    }
    return CKR_OK;
  });
}

CK_RV find_objects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE* objects, CK_ULONG most, CK_ULONG* count) {
  return in_session(session, [&](View& /*state*/, ViewSession& found) {
    *count = found.to_be_found && most > 0 ? 1 : 0;
    if (*count == 1) *objects = the_key;
    found.to_be_found = false;
    return CKR_OK;
  });
}

CK_RV find_objects_final(CK_SESSION_HANDLE /*session*/) {
  return CKR_OK;
}

template <class Value>
Bytes bytes_of(Value value) {
  Bytes bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

/// An attribute's value; empty for attributes that the key lacks.
Bytes attribute(const ViewedKey& key, CK_ATTRIBUTE_TYPE type) {
  switch (type) {
    case CKA_CLASS:
      return bytes_of(CK_OBJECT_CLASS{CKO_PRIVATE_KEY});
    case CKA_KEY_TYPE:
      return bytes_of(key.parts.rsa ? CK_KEY_TYPE{CKK_RSA} : CK_KEY_TYPE{CKK_EC});
    case CKA_ID:
      return {1};
    case CKA_MODULUS:
      return key.parts.modulus;
    case CKA_PUBLIC_EXPONENT:
      return key.parts.exponent;
    case CKA_EC_PARAMS:
      return key.curve;
    case CKA_EC_POINT:
      return key.point;
    case CKA_SENSITIVE:
    case CKA_SIGN:
      return bytes_of(CK_BBOOL{CK_TRUE});
    case CKA_EXTRACTABLE:
    // The context-specific login is part of the signature (signer.hpp): with CK_TRUE libp11 would ask a
    // terminal for the PIN.
    case CKA_ALWAYS_AUTHENTICATE:
      return bytes_of(CK_BBOOL{CK_FALSE});
    default:
      return {};
  }
}

CK_RV fill(CK_ATTRIBUTE& wanted, const Bytes& value) {
  const CK_ULONG room = wanted.ulValueLen;
  wanted.ulValueLen = CK_UNAVAILABLE_INFORMATION;
  if (value.empty()) return CKR_ATTRIBUTE_TYPE_INVALID;
  if (wanted.pValue != nullptr) {
    if (room < value.size()) return CKR_BUFFER_TOO_SMALL;
    std::memcpy(wanted.pValue, value.data(), value.size());
  }
  wanted.ulValueLen = value.size();
  return CKR_OK;
}

CK_RV get_attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
                          CK_ULONG count) {
  return in_session(session, [&](View& state, const ViewSession& found) -> CK_RV {
    const auto key = state.keys.find(found.slot);
    if (key == state.keys.end() || object != the_key) return CKR_OBJECT_HANDLE_INVALID;
    CK_RV result = CKR_OK;
    for (CK_ULONG i = 0; i < count; ++i) {
      const CK_RV rv = fill(wanted[i], attribute(key->second, wanted[i].type));
      if (rv != CKR_OK) result = rv;
    }
    return result;
  });
}

CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  return in_session(session, [&](View& /*state*/, ViewSession& found) -> CK_RV {
    if (key != the_key) return CKR_KEY_HANDLE_INVALID;
    switch (mechanism->mechanism) {
      case CKM_RSA_PKCS:
        found.scheme = SignatureRequest::Scheme::rsa_pkcs1;
        break;
      case CKM_RSA_X_509:
        found.scheme = SignatureRequest::Scheme::rsa_raw;
        break;
      case CKM_ECDSA:
        found.scheme = SignatureRequest::Scheme::ecdsa;
        break;
      default:
        return CKR_MECHANISM_INVALID;
    }
    found.signing = true;
    return CKR_OK;
  });
}

CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE* data, CK_ULONG length, CK_BYTE* out, CK_ULONG* out_length) {
  SignatureRequest request;
  request.data = {data, length};
  SharedSigner signer;
  const CK_RV begun = in_session(session, [&](View& state, ViewSession& found) -> CK_RV {
    if (!std::exchange(found.signing, false)) return CKR_OPERATION_NOT_INITIALIZED;
    request.scheme = found.scheme;
    const auto key = state.keys.find(found.slot);
    if (key != state.keys.end()) signer = key->second.signer.lock();
    return signer ? CKR_OK : CKR_KEY_HANDLE_INVALID;
  });
  if (begun != CKR_OK) return begun;
  Bytes signature;
  const CK_RV rv = signer->sign(request, signature);
  if (rv != CKR_OK) return rv;
  if (signature.size() > *out_length) return CKR_BUFFER_TOO_SMALL;
  std::copy(signature.begin(), signature.end(), out);
  *out_length = signature.size();
  return CKR_OK;
}

}  // namespace

void set_key_functions(CK_FUNCTION_LIST& list) {
  list.C_FindObjectsInit = find_objects_init;
  list.C_FindObjects = find_objects;
  list.C_FindObjectsFinal = find_objects_final;
  list.C_GetAttributeValue = get_attribute_value;
  list.C_SignInit = sign_init;
  list.C_Sign = sign;
}

}  // namespace koshin::pkcs11
