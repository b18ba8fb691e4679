// SPDX-License-Identifier: MIT
#include "fake_module.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>

#define EXPORTED extern "C" __attribute__((visibility("default")))

namespace koshin::pkcs11 {
namespace {

FakeModule fake;

/// Counts the call; the answer the test wants, CKR_OK else.
CK_RV called(const char* function) {
  ++fake.calls[function];
  const auto wanted = fake.failures.find(function);
  return wanted == fake.failures.end() ? CKR_OK : wanted->second;
}

template <std::size_t size>
void pad(CK_UTF8CHAR (&field)[size], const std::string& text) {
  std::fill(field, field + size, CK_UTF8CHAR{' '});
  std::copy_n(text.begin(), std::min(text.size(), size), field);
}

CK_RV initialize(void* arguments) {
  const auto* given = static_cast<const CK_C_INITIALIZE_ARGS*>(arguments);
  fake.reserved =
      given == nullptr || given->pReserved == nullptr ? "" : static_cast<const char*>(given->pReserved);
  const CK_RV rv = called("C_Initialize");
  if (rv != CKR_OK) return rv;
  if (fake.initialized_by_somebody_else) return CKR_CRYPTOKI_ALREADY_INITIALIZED;
  const bool locking =
      arguments != nullptr && (static_cast<CK_C_INITIALIZE_ARGS*>(arguments)->flags & CKF_OS_LOCKING_OK);
  return (locking && fake.refuses_os_locking) || (!locking && fake.wants_os_locking) ? CKR_CANT_LOCK : CKR_OK;
}
CK_RV finalize(void* /*reserved*/) {
  return called("C_Finalize");
}

CK_RV get_info(CK_INFO* info) {
  *info = {};
  pad(info->manufacturerID, fake.manufacturer);
  pad(info->libraryDescription, "Fake module");
  info->libraryVersion = {1, 2};
  return called("C_GetInfo");
}

CK_RV get_slot_list(CK_BBOOL /*token_present*/, CK_SLOT_ID* list, CK_ULONG* count) {
  const CK_RV rv = called("C_GetSlotList");
  const CK_ULONG room = *count;
  *count = fake.slots.size();
  if (rv != CKR_OK || list == nullptr) return rv;
  if (room < fake.slots.size()) return CKR_BUFFER_TOO_SMALL;
  std::copy(fake.slots.begin(), fake.slots.end(), list);
  return CKR_OK;
}

CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV rv = called("C_GetTokenInfo");
  if (std::count(fake.empty_slots.begin(), fake.empty_slots.end(), slot) != 0) return CKR_TOKEN_NOT_PRESENT;
  *info = {};
  pad(info->label, "token " + std::to_string(slot));
  pad(info->manufacturerID, fake.manufacturer);
  pad(info->model, "M1");
  pad(info->serialNumber, std::to_string(slot));
  info->flags = fake.token_flags;
  info->ulMaxPinLen = CK_UNAVAILABLE_INFORMATION;
  info->ulFreePrivateMemory = 4096;
  info->ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION;
  return rv;
}

CK_RV wait_for_slot_event(CK_FLAGS flags, CK_SLOT_ID* slot, void* /*reserved*/) {
  called("C_WaitForSlotEvent");
  if ((flags & CKF_DONT_BLOCK) == 0) return CKR_ARGUMENTS_BAD;  // no test may wait forever
  if (fake.slot_events_until_ok < 0) return fake.slot_event;
  *slot = 0;
  return fake.slot_events_until_ok-- == 0 ? CKR_OK : CKR_NO_EVENT;
}

CK_RV get_mechanism_list(CK_SLOT_ID /*slot*/, CK_MECHANISM_TYPE* list, CK_ULONG* count) {
  const CK_RV rv = called("C_GetMechanismList");
  std::copy_n(fake.mechanisms.begin(), std::min<std::size_t>(*count, fake.mechanisms.size()), list);
  *count = fake.mechanisms.size();
  return rv;
}
CK_RV get_mechanism_info(CK_SLOT_ID /*slot*/, CK_MECHANISM_TYPE /*type*/, CK_MECHANISM_INFO* info) {
  *info = fake.mechanism_info;
  return called("C_GetMechanismInfo");
}

CK_RV open_session(CK_SLOT_ID /*slot*/, CK_FLAGS /*flags*/, void* /*application*/, CK_NOTIFY /*notify*/,
                   CK_SESSION_HANDLE* session) {
  *session = 1;
  return called("C_OpenSession");
}
CK_RV close_session(CK_SESSION_HANDLE /*session*/) {
  return called("C_CloseSession");
}
CK_RV login(CK_SESSION_HANDLE /*session*/, CK_USER_TYPE /*user*/, CK_UTF8CHAR* pin, CK_ULONG length) {
  fake.null_pin_given = pin == nullptr && length == 0;
  return called("C_Login");
}
CK_RV logout(CK_SESSION_HANDLE /*session*/) {
  return called("C_Logout");
}

using Template = std::pair<const CK_ATTRIBUTE*, CK_ULONG>;

std::vector<unsigned char> value_of(const CK_ATTRIBUTE& attribute) {
  const auto* bytes = static_cast<const unsigned char*>(attribute.pValue);
  return {bytes, bytes + attribute.ulValueLen};
}

std::set<unsigned long> types_in(const Template& given) {
  std::set<unsigned long> types;
  for (CK_ULONG i = 0; i < given.second; ++i) types.insert(given.first[i].type);
  return types;
}

/// What the module thinks of the attributes of a template.
CK_RV judge(const Template& given) {
  const auto types = types_in(given);
  for (const auto type : types) {
    if (fake.refused_attributes.count(type) != 0) return fake.refusal;
  }
  const auto there = [&](unsigned long type) { return types.count(type) != 0; };
  return std::all_of(fake.wanted_attributes.begin(), fake.wanted_attributes.end(), there)
             ? CKR_OK
             : CKR_TEMPLATE_INCOMPLETE;
}

std::size_t next_object = 0;
FakeAttributes searched_for;
CK_RV find_objects_init(CK_SESSION_HANDLE /*session*/, CK_ATTRIBUTE* wanted, CK_ULONG count) {
  next_object = 0;
  searched_for.clear();
  const CK_RV rv = called("C_FindObjectsInit");
  for (CK_ULONG i = 0; i < count; ++i) {
    if (fake.refused_attributes.count(wanted[i].type) != 0) return fake.refusal;
    searched_for[wanted[i].type] = value_of(wanted[i]);
  }
  return rv;
}
bool is_searched_for(const FakeAttributes& object) {
  return !object.empty() &&
         std::all_of(searched_for.begin(), searched_for.end(), [&object](const auto& wanted) {
           const auto found = object.find(wanted.first);
           return found != object.end() && found->second == wanted.second;
         });
}
/// One at a time: fewer than there is room for does not mean that there are no more.
CK_RV find_objects(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE* found, CK_ULONG /*most*/,
                   CK_ULONG* count) {
  while (next_object < fake.objects.size() && !is_searched_for(fake.objects[next_object])) ++next_object;
  *count = next_object < fake.objects.size() ? 1 : 0;
  if (*count == 1) *found = ++next_object;
  return called("C_FindObjects");
}

/// The object that this template makes; `kind` where it does not say.
CK_OBJECT_HANDLE add_object(const Template& given, CK_OBJECT_CLASS kind) {
  FakeAttributes attributes;
  const auto* bytes = reinterpret_cast<const unsigned char*>(&kind);
  attributes[CKA_CLASS] = {bytes, bytes + sizeof kind};
  for (CK_ULONG i = 0; i < given.second; ++i) attributes[given.first[i].type] = value_of(given.first[i]);
  if (kind == CKO_PUBLIC_KEY && !fake.made_point.empty()) {
    constexpr CK_KEY_TYPE key_type = CKK_EC;
    const auto* number = reinterpret_cast<const unsigned char*>(&key_type);
    attributes[CKA_KEY_TYPE] = {number, number + sizeof key_type};
    attributes[CKA_EC_POINT] = fake.made_point;
  }
  if (kind == CKO_PRIVATE_KEY) {
    for (const auto type : {CKA_LOCAL, CKA_NEVER_EXTRACTABLE, CKA_ALWAYS_SENSITIVE, CKA_SIGN})
      attributes[type] = {CK_TRUE};
  }
  for (const auto type : fake.silent_attributes) attributes.erase(type);
  fake.objects.push_back(std::move(attributes));
  return fake.objects.size();
}

CK_RV generate_key_pair(CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*mechanism*/, CK_ATTRIBUTE* public_key,
                        CK_ULONG public_count, CK_ATTRIBUTE* private_key, CK_ULONG private_count,
                        CK_OBJECT_HANDLE* made_public, CK_OBJECT_HANDLE* made_private) {
  const CK_RV rv = called("C_GenerateKeyPair");
  if (rv != CKR_OK) return rv;
  const Template of_public{public_key, public_count};
  const Template of_private{private_key, private_count};
  fake.templates.push_back(types_in(of_private));
  CK_RV judged = judge(of_public);
  if (judged == CKR_OK) judged = judge(of_private);
  if (judged != CKR_OK && !fake.refused_call_leaves_objects) return judged;
  *made_public = add_object(of_public, CKO_PUBLIC_KEY);
  if (judged != CKR_OK) return judged;
  *made_private = add_object(of_private, CKO_PRIVATE_KEY);
  return CKR_OK;
}

CK_RV create_object(CK_SESSION_HANDLE /*session*/, CK_ATTRIBUTE* attributes, CK_ULONG count,
                    CK_OBJECT_HANDLE* made) {
  const CK_RV rv = called("C_CreateObject");
  if (rv != CKR_OK) return rv;
  const Template given{attributes, count};
  fake.templates.push_back(types_in(given));
  const CK_RV judged = judge(given);
  if (judged != CKR_OK && !fake.refused_call_leaves_objects) return judged;
  *made = add_object(given, CKO_CERTIFICATE);
  return judged;
}

CK_RV destroy_object(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE object) {
  fake.objects.at(object - 1).clear();
  return called("C_DestroyObject");
}

CK_RV find_objects_final(CK_SESSION_HANDLE /*session*/) {
  return called("C_FindObjectsFinal");
}

bool is_number_or_flag(CK_ATTRIBUTE_TYPE type) {
  return type == CKA_CLASS || type == CKA_KEY_TYPE || type == CKA_CERTIFICATE_TYPE || type == CKA_SIGN ||
         type == CKA_LOCAL || type == CKA_ALWAYS_AUTHENTICATE || type == CKA_EXTRACTABLE ||
         type == CKA_SENSITIVE || type == CKA_PRIVATE;
}

CK_RV get_attribute_value(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
                          CK_ULONG count) {
  CK_RV rv = called("C_GetAttributeValue");
  if (rv != CKR_OK) return rv;
  if (fake.reads_until_trouble == 0) return CKR_GENERAL_ERROR;
  if (fake.reads_until_trouble > 0) --fake.reads_until_trouble;
  const FakeAttributes& attributes = fake.objects.at(object - 1);
  for (CK_ULONG i = 0; i < count; ++i) {
    fake.asked_for.push_back(wanted[i].type);
    const auto found = attributes.find(wanted[i].type);
    const CK_ULONG room = wanted[i].ulValueLen;
    if (fake.broken_attributes.count(wanted[i].type) != 0) return CKR_FUNCTION_FAILED;
    const bool fixed = found != attributes.end() && fake.exact_sizes && is_number_or_flag(wanted[i].type);
    if (found == attributes.end() || room < found->second.size() || (fixed && room != found->second.size())) {
      wanted[i].ulValueLen = CK_UNAVAILABLE_INFORMATION;
      rv = found == attributes.end() ? CKR_ATTRIBUTE_TYPE_INVALID : CKR_BUFFER_TOO_SMALL;
      if (fake.stops_at_bad_attribute) return rv;
      continue;
    }
    std::copy(found->second.begin(), found->second.end(), static_cast<unsigned char*>(wanted[i].pValue));
    wanted[i].ulValueLen = found->second.size();
  }
  return rv;
}

void fill(CK_FUNCTION_LIST& list) {
  list.version = fake.version;
  const auto set = [](const char* name, auto& member, auto function) {
    if (std::count(fake.holes.begin(), fake.holes.end(), name) == 0) member = function;
  };
  set("C_Initialize", list.C_Initialize, initialize);
  set("C_Finalize", list.C_Finalize, finalize);
  set("C_GetInfo", list.C_GetInfo, get_info);
  set("C_GetSlotList", list.C_GetSlotList, get_slot_list);
  set("C_GetTokenInfo", list.C_GetTokenInfo, get_token_info);
  set("C_WaitForSlotEvent", list.C_WaitForSlotEvent, wait_for_slot_event);
  set("C_GetMechanismList", list.C_GetMechanismList, get_mechanism_list);
  set("C_GetMechanismInfo", list.C_GetMechanismInfo, get_mechanism_info);
  set("C_OpenSession", list.C_OpenSession, open_session);
  set("C_CloseSession", list.C_CloseSession, close_session);
  set("C_Login", list.C_Login, login);
  set("C_Logout", list.C_Logout, logout);
  set("C_FindObjectsInit", list.C_FindObjectsInit, find_objects_init);
  set("C_FindObjects", list.C_FindObjects, find_objects);
  set("C_FindObjectsFinal", list.C_FindObjectsFinal, find_objects_final);
  set("C_GenerateKeyPair", list.C_GenerateKeyPair, generate_key_pair);
  set("C_CreateObject", list.C_CreateObject, create_object);
  set("C_DestroyObject", list.C_DestroyObject, destroy_object);
  set("C_GetAttributeValue", list.C_GetAttributeValue, get_attribute_value);
}

/// A 2.40 table that ends where readable memory ends: whoever reads a member of 3.0 is killed.
CK_FUNCTION_LIST* table() {
  static unsigned char* const page = [] {
    const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    void* pages = ::mmap(nullptr, 2 * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ::mprotect(static_cast<unsigned char*>(pages) + size, size, PROT_NONE);
    return static_cast<unsigned char*>(pages) + size - sizeof(CK_FUNCTION_LIST);
  }();
  auto* const list = std::construct_at(static_cast<CK_FUNCTION_LIST*>(static_cast<void*>(page)));
  fill(*list);
  return list;
}

}  // namespace
}  // namespace koshin::pkcs11

EXPORTED koshin::pkcs11::FakeModule* koshin_fake_module() {
  return &koshin::pkcs11::fake;
}

EXPORTED CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  *list = koshin::pkcs11::fake.no_table ? nullptr : koshin::pkcs11::table();
  return koshin::pkcs11::called("C_GetFunctionList");
}
