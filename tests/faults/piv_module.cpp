// SPDX-License-Identifier: MIT
// SoftHSM as a PIV card behind ykcs11 would be: keys lie in numbered slots, only whoever holds the management
// key (CKU_SO) makes them and writes certificates, and only the user signs. As with that module, handles live
// through a change of who is logged in, and a new key comes with a certificate that vouches for itself.
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "faults/piv_card.hpp"
#include "faults/piv_placeholder.hpp"

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

CK_RV log_in_officer(const CK_UTF8CHAR* key, CK_ULONG size) {
  if (size != koshin::faults::management_key.size()) return CKR_ARGUMENTS_BAD;
  return view(key, size) == koshin::faults::management_key ? CKR_OK : CKR_PIN_INCORRECT;
}

CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE type, CK_UTF8CHAR* pin, CK_ULONG size) {
  const Who wanted = type == CKU_SO ? Who::officer : Who::user;
  if (who == wanted) return CKR_USER_ALREADY_LOGGED_IN;
  if (who != Who::nobody) return CKR_USER_ANOTHER_ALREADY_LOGGED_IN;
  const CK_RV rv = wanted == Who::user ? log_in_user(session, pin, size) : log_in_officer(pin, size);
  if (rv == CKR_OK) who = wanted;
  return rv;
}

CK_RV log_out(CK_SESSION_HANDLE) {
  if (who == Who::nobody) return CKR_USER_NOT_LOGGED_IN;
  who = Who::nobody;
  return CKR_OK;
}

/// A module that takes the management key for a PIN counts its 48 digits among the lengths.
CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV rv = real->C_GetTokenInfo(slot, info);
  if (rv != CKR_OK) return rv;
  info->ulMinPinLen = 6;
  info->ulMaxPinLen = koshin::faults::management_key.size();
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

constexpr CK_OBJECT_CLASS certificate_class = CKO_CERTIFICATE;

CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const void* value, std::size_t size) {
  return {type, const_cast<void*>(value), size};
}

const CK_ATTRIBUTE* find(const CK_ATTRIBUTE* attributes, CK_ULONG count, CK_ATTRIBUTE_TYPE type) {
  const auto* end = attributes + count;
  const auto* found = std::find_if(attributes, end, [type](const auto& one) { return one.type == type; });
  return found == end ? nullptr : found;
}

/// A slot has one certificate: the next one takes its place.
void clear_certificate(CK_SESSION_HANDLE session, const CK_ATTRIBUTE& id) {
  std::array<CK_ATTRIBUTE, 2> wanted{attribute(CKA_CLASS, &certificate_class, sizeof certificate_class), id};
  CK_OBJECT_HANDLE object = 0;
  CK_ULONG count = 0;
  if (real->C_FindObjectsInit(session, wanted.data(), wanted.size()) != CKR_OK) return;
  real->C_FindObjects(session, &object, 1, &count);
  real->C_FindObjectsFinal(session);
  if (count == 1) real->C_DestroyObject(session, object);
}

/// A slot has one key: the next one takes its place, and the certificate's.
void clear_slot(CK_SESSION_HANDLE session, const CK_ATTRIBUTE& id) {
  CK_ATTRIBUTE wanted = id;
  std::array<CK_OBJECT_HANDLE, 3> objects{};
  CK_ULONG count = 0;
  if (real->C_FindObjectsInit(session, &wanted, 1) != CKR_OK) return;
  real->C_FindObjects(session, objects.data(), objects.size(), &count);
  real->C_FindObjectsFinal(session);
  for (CK_ULONG i = 0; i < count; ++i) real->C_DestroyObject(session, objects.at(i));
}

/// The certificate that ykcs11 puts beside a key which it has just made: it vouches for itself.
CK_RV put_placeholder(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE public_key, const CK_ATTRIBUTE& id) {
  std::array<unsigned char, 256> point{};
  CK_ATTRIBUTE wanted = attribute(CKA_EC_POINT, point.data(), point.size());
  const CK_RV rv = real->C_GetAttributeValue(session, public_key, &wanted, 1);
  if (rv != CKR_OK) return rv;
  const auto [subject, der] = koshin::faults::placeholder_certificate({point.data(), wanted.ulValueLen});
  constexpr CK_BBOOL yes = CK_TRUE;
  constexpr CK_CERTIFICATE_TYPE type = CKC_X_509;
  std::array<CK_ATTRIBUTE, 6> attributes{attribute(CKA_CLASS, &certificate_class, sizeof certificate_class),
                                         attribute(CKA_CERTIFICATE_TYPE, &type, sizeof type),
                                         attribute(CKA_TOKEN, &yes, sizeof yes),
                                         id,
                                         attribute(CKA_SUBJECT, subject.data(), subject.size()),
                                         attribute(CKA_VALUE, der.data(), der.size())};
  CK_OBJECT_HANDLE made = 0;
  return real->C_CreateObject(session, attributes.data(), attributes.size(), &made);
}

/// The number of a slot is all that this card takes for a CKA_ID.
bool names_slot(const CK_ATTRIBUTE* attributes, CK_ULONG count) {
  const CK_ATTRIBUTE* id = find(attributes, count, CKA_ID);
  if (id == nullptr || id->ulValueLen != 1) return false;
  const unsigned char slot = *static_cast<const unsigned char*>(id->pValue);
  return slot >= 1 && slot <= koshin::faults::last_piv_slot;
}

CK_RV generate_key_pair(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* public_key,
                        CK_ULONG public_count, CK_ATTRIBUTE* private_key, CK_ULONG private_count,
                        CK_OBJECT_HANDLE* made_public, CK_OBJECT_HANDLE* made_private) {
  if (who != Who::officer) return CKR_USER_NOT_LOGGED_IN;
  if (!names_slot(public_key, public_count) || !names_slot(private_key, private_count))
    return CKR_ATTRIBUTE_VALUE_INVALID;
  clear_slot(session, *find(public_key, public_count, CKA_ID));
  const CK_RV rv = real->C_GenerateKeyPair(session, mechanism, public_key, public_count, private_key,
                                           private_count, made_public, made_private);
  return rv == CKR_OK ? put_placeholder(session, *made_public, *find(public_key, public_count, CKA_ID)) : rv;
}

CK_RV create_object(CK_SESSION_HANDLE session, CK_ATTRIBUTE* attributes, CK_ULONG count,
                    CK_OBJECT_HANDLE* made) {
  if (who != Who::officer) return CKR_USER_NOT_LOGGED_IN;
  if (!names_slot(attributes, count)) return CKR_ATTRIBUTE_VALUE_INVALID;
  clear_certificate(session, *find(attributes, count, CKA_ID));
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
  table.C_GetTokenInfo = get_token_info;
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
