// SPDX-License-Identifier: MIT
// The functions of the view. They are called by libp11 only, and throw nothing into it.
#include "pkcs11/libp11_view.hpp"

#include <openssl/ec.h>
#include <openssl/objects.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>

namespace koshin::pkcs11 {
namespace {

constexpr CK_OBJECT_HANDLE the_key = 1;

struct ViewedKey {
  PublicKeyParts parts;
  Bytes curve;  ///< CKA_EC_PARAMS
  Bytes point;  ///< CKA_EC_POINT
  std::weak_ptr<GuardedSigner> signer;
};

struct ViewSession {
  CK_SLOT_ID slot = 0;
  bool to_be_found = false;
  bool signing = false;
  SignatureRequest::Scheme scheme{};
};

struct View {
  std::mutex mutex;
  CK_SLOT_ID shown = 0;
  CK_SESSION_HANDLE last_session = 0;
  std::map<CK_SLOT_ID, ViewedKey> keys;
  std::map<CK_SESSION_HANDLE, ViewSession> sessions;
};

/// Never destroyed: keys that live until the end of the process are released after static objects are gone.
View& view() {
  static View* const made = new View;
  return *made;
}

/// Runs `work` under the lock and keeps exceptions away from C.
template <class Work>
CK_RV answer(Work work) noexcept {
  try {
    const std::lock_guard lock(view().mutex);
    return work(view());
  } catch (const std::bad_alloc&) {
    return CKR_HOST_MEMORY;
  } catch (...) {
    return CKR_GENERAL_ERROR;
  }
}

template <class Work>
CK_RV in_session(CK_SESSION_HANDLE handle, Work work) noexcept {
  return answer([&](View& state) -> CK_RV {
    const auto found = state.sessions.find(handle);
    return found == state.sessions.end() ? CKR_SESSION_HANDLE_INVALID : work(state, found->second);
  });
}

template <std::size_t size>
void pad(CK_UTF8CHAR (&field)[size], std::string_view text) {
  std::fill(field, field + size, CK_UTF8CHAR{' '});
  std::copy_n(text.begin(), std::min(text.size(), size), field);
}

// ---- the module, its slot, its token ----

CK_RV initialize(void* /*arguments*/) {
  return CKR_OK;
}
CK_RV finalize(void* /*reserved*/) {
  return CKR_OK;
}

CK_RV get_info(CK_INFO* info) {
  *info = {};
  info->cryptokiVersion = {2, 40};
  pad(info->manufacturerID, "koshin");
  pad(info->libraryDescription, "view of one key");
  return CKR_OK;
}

CK_RV get_slot_list(CK_BBOOL /*token_present*/, CK_SLOT_ID* list, CK_ULONG* count) {
  return answer([&](View& state) -> CK_RV {
    if (list != nullptr && *count < 1) return CKR_BUFFER_TOO_SMALL;
    if (list != nullptr) *list = state.shown;
    *count = 1;
    return CKR_OK;
  });
}

CK_RV get_slot_info(CK_SLOT_ID /*slot*/, CK_SLOT_INFO* info) {
  *info = {};
  pad(info->slotDescription, "koshin");
  pad(info->manufacturerID, "koshin");
  info->flags = CKF_TOKEN_PRESENT;
  return CKR_OK;
}

CK_RV get_token_info(CK_SLOT_ID /*slot*/, CK_TOKEN_INFO* info) {
  *info = {};
  pad(info->label, "koshin");
  pad(info->manufacturerID, "koshin");
  pad(info->model, "view");
  pad(info->serialNumber, "1");
  info->flags =
      CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED;  // logged in, if that is needed, is the real session
  return CKR_OK;
}

// ---- sessions ----

CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS /*flags*/, void* /*application*/, CK_NOTIFY /*notify*/,
                   CK_SESSION_HANDLE* session) {
  return answer([&](View& state) -> CK_RV {
    if (!state.keys.contains(slot)) return CKR_SLOT_ID_INVALID;
    *session = ++state.last_session;
    state.sessions[*session].slot = slot;
    return CKR_OK;
  });
}

CK_RV close_session(CK_SESSION_HANDLE session) {
  return answer(
      [&](View& state) { return state.sessions.erase(session) == 1 ? CKR_OK : CKR_SESSION_HANDLE_INVALID; });
}

CK_RV close_all_sessions(CK_SLOT_ID slot) {
  return answer([&](View& state) {
    std::erase_if(state.sessions, [slot](const auto& session) { return session.second.slot == slot; });
    return CKR_OK;
  });
}

CK_RV get_session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO* info) {
  return in_session(session, [&](View& /*state*/, const ViewSession& found) {
    *info = {};
    info->slotID = found.slot;
    info->state = CKS_RO_USER_FUNCTIONS;
    info->flags = CKF_SERIAL_SESSION;
    return CKR_OK;
  });
}

CK_RV login(CK_SESSION_HANDLE /*session*/, CK_USER_TYPE /*user*/, CK_UTF8CHAR* /*pin*/, CK_ULONG /*length*/) {
  return CKR_OK;
}
CK_RV logout(CK_SESSION_HANDLE /*session*/) {
  return CKR_OK;
}

// ---- the key ----

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

/// Empty for what this key does not have.
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
    // The context-specific login is part of the signature (signer.hpp): libp11 would ask a terminal for the
    // PIN.
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

// ---- signatures ----

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

// ---- the table ----

template <class Function>
struct Unsupported;
template <class... Parameters>
struct Unsupported<CK_RV (*)(Parameters...)> {
  static CK_RV call(Parameters... /*parameters*/) { return CKR_FUNCTION_NOT_SUPPORTED; }
};
template <class Function>
void unsupported(Function& function) {
  function = Unsupported<Function>::call;
}

/// What libp11 has code to call, in functions of its interface that koshin does not use.
void set_unsupported(CK_FUNCTION_LIST& list) {
  unsupported(list.C_CreateObject);
  unsupported(list.C_DestroyObject);
  unsupported(list.C_SetAttributeValue);
  unsupported(list.C_DecryptInit);
  unsupported(list.C_Decrypt);
  unsupported(list.C_EncryptInit);
  unsupported(list.C_Encrypt);
  unsupported(list.C_DeriveKey);
  unsupported(list.C_GenerateKeyPair);
  unsupported(list.C_GenerateRandom);
  unsupported(list.C_SeedRandom);
  unsupported(list.C_InitToken);
  unsupported(list.C_InitPIN);
  unsupported(list.C_SetPIN);
}

void set_supported(CK_FUNCTION_LIST& list) {
  list.version = {2, 40};
  list.C_Initialize = initialize;
  list.C_Finalize = finalize;
  list.C_GetInfo = get_info;
  list.C_GetSlotList = get_slot_list;
  list.C_GetSlotInfo = get_slot_info;
  list.C_GetTokenInfo = get_token_info;
  list.C_OpenSession = open_session;
  list.C_CloseSession = close_session;
  list.C_CloseAllSessions = close_all_sessions;
  list.C_GetSessionInfo = get_session_info;
  list.C_Login = login;
  list.C_Logout = logout;
  list.C_FindObjectsInit = find_objects_init;
  list.C_FindObjects = find_objects;
  list.C_FindObjectsFinal = find_objects_final;
  list.C_GetAttributeValue = get_attribute_value;
  list.C_SignInit = sign_init;
  list.C_Sign = sign;
}

Bytes curve_oid(int nid) {
  unsigned char* memory = nullptr;
  const int length = i2d_ASN1_OBJECT(OBJ_nid2obj(nid), &memory);
  Bytes result(memory, memory + std::max(length, 0));
  OPENSSL_free(memory);
  return result;
}

Bytes octet_string(const Bytes& content) {
  const std::unique_ptr<ASN1_OCTET_STRING, decltype(&ASN1_OCTET_STRING_free)> string(ASN1_OCTET_STRING_new(),
                                                                                     ASN1_OCTET_STRING_free);
  ASN1_OCTET_STRING_set(string.get(), content.data(), static_cast<int>(content.size()));
  unsigned char* memory = nullptr;
  const int length = i2d_ASN1_OCTET_STRING(string.get(), &memory);
  Bytes result(memory, memory + std::max(length, 0));
  OPENSSL_free(memory);
  return result;
}

}  // namespace

void show_in_view(const PublicKeyParts& parts, const SharedSigner& signer) {
  ViewedKey key{parts, {}, {}, signer};
  if (!parts.rsa) {
    key.curve = curve_oid(parts.curve);
    key.point = octet_string(parts.point);
  }
  const std::lock_guard lock(view().mutex);
  std::erase_if(view().keys, [](const auto& entry) { return entry.second.signer.expired(); });
  view().keys.emplace(++view().shown, std::move(key));
}

CK_FUNCTION_LIST* view_functions() {
  static CK_FUNCTION_LIST list = [] {
    CK_FUNCTION_LIST made{};
    set_supported(made);
    set_unsupported(made);
    return made;
  }();
  return &list;
}

}  // namespace koshin::pkcs11
