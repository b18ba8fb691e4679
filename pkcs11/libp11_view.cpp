// SPDX-License-Identifier: MIT
// The module, slot, token and sessions of the view. Called by libp11 only; throws no exceptions into C code.
#include "pkcs11/libp11_view.hpp"

#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <openssl/objects.h>

#include <algorithm>

#include "pkcs11/libp11_view_state.hpp"

namespace koshin::pkcs11 {
namespace {

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
      CKF_TOKEN_INITIALIZED | CKF_USER_PIN_INITIALIZED;  // the real session is logged in where required
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

/// Functions that libp11 calls only in parts of its interface that koshin does not use.
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

View& view() {
  static View* const made = new View;
  return *made;
}

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
    set_key_functions(made);
    set_unsupported(made);
    return made;
  }();
  return &list;
}

}  // namespace koshin::pkcs11
