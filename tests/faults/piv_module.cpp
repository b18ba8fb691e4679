// SPDX-License-Identifier: MIT
// SoftHSM as a PIV card behind ykcs11 would be: keys lie in numbered slots, only whoever holds the management
// key (CKU_SO) makes them and writes certificates, and only the user signs. As with that module, handles live
// through a change of who is logged in.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <string>
#include <string_view>

#include "faults/piv_card.hpp"

namespace {

enum class Who { nobody, user, officer };

CK_FUNCTION_LIST table;
CK_FUNCTION_LIST* real = nullptr;
Who who = Who::nobody;
std::string user_pin;  // as the token beneath has accepted it; there the user stays logged in

std::string_view view(const CK_UTF8CHAR* text, CK_ULONG size) {
  return {reinterpret_cast<const char*>(text), size};
}

CK_RV log_in_user(CK_SESSION_HANDLE session, CK_UTF8CHAR* pin, CK_ULONG size) {
  if (!user_pin.empty()) return view(pin, size) == user_pin ? CKR_OK : CKR_PIN_INCORRECT;
  const CK_RV rv = real->C_Login(session, CKU_USER, pin, size);
  if (rv == CKR_OK) user_pin = view(pin, size);
  return rv;
}

CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE type, CK_UTF8CHAR* pin, CK_ULONG size) {
  const Who wanted = type == CKU_SO ? Who::officer : Who::user;
  if (who == wanted) return CKR_USER_ALREADY_LOGGED_IN;
  if (who != Who::nobody) return CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
  const CK_RV rv = wanted == Who::user                                 ? log_in_user(session, pin, size)
                   : view(pin, size) == koshin::faults::management_key ? CKR_OK
                                                                       : CKR_PIN_INCORRECT;
  if (rv == CKR_OK) who = wanted;
  return rv;
}

CK_RV log_out(CK_SESSION_HANDLE) {
  if (who == Who::nobody) return CKR_USER_NOT_LOGGED_IN;
  who = Who::nobody;
  return CKR_OK;
}

CK_RV finalize(void* reserved) {
  who = Who::nobody;
  user_pin.clear();
  return real->C_Finalize(reserved);
}

CK_RV get_session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO* info) {
  const CK_RV rv = real->C_GetSessionInfo(session, info);
  if (rv != CKR_OK) return rv;
  info->state = who == Who::officer ? CKS_RW_SO_FUNCTIONS
                : who == Who::user  ? CKS_RW_USER_FUNCTIONS
                                    : CKS_RW_PUBLIC_SESSION;
  return CKR_OK;
}

/// The number of a slot is all that this card takes for a CKA_ID.
bool names_slot(const CK_ATTRIBUTE* attributes, CK_ULONG count) {
  for (CK_ULONG i = 0; i < count; ++i) {
    if (attributes[i].type != CKA_ID) continue;
    const auto* id = static_cast<const unsigned char*>(attributes[i].pValue);
    return attributes[i].ulValueLen == 1 && *id >= 1 && *id <= koshin::faults::last_piv_slot;
  }
  return false;
}

CK_RV generate_key_pair(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* public_key,
                        CK_ULONG public_count, CK_ATTRIBUTE* private_key, CK_ULONG private_count,
                        CK_OBJECT_HANDLE* made_public, CK_OBJECT_HANDLE* made_private) {
  if (who != Who::officer) return CKR_USER_NOT_LOGGED_IN;
  if (!names_slot(public_key, public_count) || !names_slot(private_key, private_count))
    return CKR_ATTRIBUTE_VALUE_INVALID;
  return real->C_GenerateKeyPair(session, mechanism, public_key, public_count, private_key, private_count,
                                 made_public, made_private);
}

CK_RV create_object(CK_SESSION_HANDLE session, CK_ATTRIBUTE* attributes, CK_ULONG count,
                    CK_OBJECT_HANDLE* made) {
  if (who != Who::officer) return CKR_USER_NOT_LOGGED_IN;
  if (!names_slot(attributes, count)) return CKR_ATTRIBUTE_VALUE_INVALID;
  return real->C_CreateObject(session, attributes, count, made);
}

CK_RV destroy_object(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  return who == Who::officer ? real->C_DestroyObject(session, object) : CKR_USER_NOT_LOGGED_IN;
}

CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  return who == Who::user ? real->C_SignInit(session, mechanism, key) : CKR_USER_NOT_LOGGED_IN;
}

CK_FUNCTION_LIST* load_real() {
  void* library = ::dlopen(SOFTHSM_MODULE, RTLD_NOW | RTLD_LOCAL);
  void* symbol = library == nullptr ? nullptr : ::dlsym(library, "C_GetFunctionList");
  CK_FUNCTION_LIST* list = nullptr;
  if (symbol != nullptr) reinterpret_cast<CK_C_GetFunctionList>(symbol)(&list);
  return list;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  if (real == nullptr) real = load_real();
  if (real == nullptr) return CKR_GENERAL_ERROR;
  table = *real;
  table.C_GetFunctionList = C_GetFunctionList;
  table.C_Finalize = finalize;
  table.C_Login = log_in;
  table.C_Logout = log_out;
  table.C_GetSessionInfo = get_session_info;
  table.C_GenerateKeyPair = generate_key_pair;
  table.C_CreateObject = create_object;
  table.C_DestroyObject = destroy_object;
  table.C_SignInit = sign_init;
  *list = &table;
  return CKR_OK;
}
