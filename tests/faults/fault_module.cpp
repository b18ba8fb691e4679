// SPDX-License-Identifier: MIT
// A PKCS#11 module that wraps another one and fails on demand: at call number N it kills its process, answers
// an error, hangs, or behaves as if the token had been pulled. It logs the names of calls, never their
// arguments.
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>

#include "faults/cryptoki_functions.hpp"
#include "faults/fault_answers.hpp"
#include "faults/fault_plan.hpp"
#include "faults/module_system.hpp"

namespace koshin::faults {
namespace {

/// Everything of one loaded module. Made by the first C_GetFunctionList, never destroyed: processes end in
/// any way here.
struct State {
  Plan plan;
  CK_FUNCTION_LIST* real = nullptr;
  CK_FUNCTION_LIST table{};
  std::intptr_t log = -1;
  std::atomic<unsigned> calls{0};
};
State* state = nullptr;

/// One line, one write: whole even when the next instruction kills.
void note(const char* what, std::string_view function, unsigned long rv = 0) {
  char line[128];
  const int length = std::snprintf(line, sizeof line, "%s %.*s %lx\n", what,
                                   static_cast<int>(function.size()), function.data(), rv);
  if (!append(state->log, {line, static_cast<std::size_t>(length)})) std::abort();
}

bool token_removed() {
  std::error_code none;
  return std::filesystem::exists(state->plan.removed, none);
}

void remove_token() {
  if (!std::ofstream(state->plan.removed).flush()) std::abort();
}

/// True for the call that the plan is about.
bool is_the_call(std::string_view function) {
  const auto& plan = state->plan;
  if (plan.at == 0 || (!plan.function.empty() && plan.function != function)) return false;
  const auto number = ++state->calls;
  return number == plan.at || (plan.from_then_on && number > plan.at);
}

/// Ends the process from beside, in the midst of the call.
void kill_later(std::string_view function, std::chrono::microseconds later) {
  note("struck", function);
  std::thread([later] {
    std::this_thread::sleep_for(later);
    end_at_once();
  }).detach();
}

/// Does what the plan says. CKR_OK: the call goes on.
CK_RV strike(std::string_view function) {
  note("struck", function);
  switch (state->plan.action) {
    case Action::none:
      return CKR_OK;
    case Action::kill:
      end_at_once();
      wait_for_ever();
    case Action::error:
      return state->plan.rv;
    case Action::hang:
      wait_for_ever();
    case Action::remove:
      remove_token();
      return CKR_OK;
  }
  return CKR_OK;
}

template <class Real>
CK_RV through(std::string_view function, Real real) {
  note("call", function);
  const bool struck = is_the_call(function);
  const bool within = state->plan.within_us != 0;
  if (struck && within) kill_later(function, std::chrono::microseconds(state->plan.within_us));
  if (struck && !state->plan.after && !within) {
    if (const CK_RV rv = strike(function); rv != CKR_OK) return note("rv", function, rv), rv;
  }
  if (const CK_RV gone = token_removed() ? answer_without_token(function) : CKR_OK; gone != CKR_OK) {
    return note("rv", function, gone), gone;
  }
  note("real", function);
  const auto begin = std::chrono::steady_clock::now();
  CK_RV rv = real();
  const auto took = std::chrono::steady_clock::now() - begin;
  note("took", function,
       static_cast<unsigned long>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
  if (struck && (state->plan.after || within)) {
    if (const CK_RV instead = strike(function); instead != CKR_OK) rv = instead;
  }
  note("rv", function, rv);
  return rv;
}

template <class Pointer>
struct Wrapper;
template <class... Arguments>
struct Wrapper<CK_RV (*)(Arguments...)> {
  template <auto Member, const char* const& Name>
  static CK_RV call(Arguments... arguments) {
    return through(Name, [&] { return (state->real->*Member)(arguments...); });
  }
};

#define KOSHIN_NAME(function) constexpr const char* const name_of_##function = #function;
KOSHIN_CRYPTOKI_FUNCTIONS(KOSHIN_NAME)
#undef KOSHIN_NAME

CK_RV get_function_list(CK_FUNCTION_LIST** list);

/// The flags that the plan adds: what a locked or write-protected token would say.
CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  using Plain = Wrapper<decltype(CK_FUNCTION_LIST::C_GetTokenInfo)>;
  const CK_RV rv = Plain::call<&CK_FUNCTION_LIST::C_GetTokenInfo, name_of_C_GetTokenInfo>(slot, info);
  const bool initialized = rv == CKR_OK && (info->flags & CKF_TOKEN_INITIALIZED) != 0;
  if (initialized) info->flags = (info->flags | state->plan.token_flags) & ~state->plan.token_flags_off;
  if (initialized && wants_pin_changed(state->plan)) info->flags |= CKF_USER_PIN_TO_BE_CHANGED;
  if (initialized && state->plan.free_memory)
    info->ulFreePublicMemory = info->ulFreePrivateMemory = *state->plan.free_memory;
  if (initialized && state->plan.pin_max != 0) info->ulMaxPinLen = state->plan.pin_max;
  if (initialized && state->plan.alike) {
    const auto call_it = [](CK_UTF8CHAR* field, std::size_t size, std::string_view text) {
      std::fill_n(field, size, static_cast<CK_UTF8CHAR>(' '));
      std::copy_n(text.begin(), std::min(size, text.size()), field);
    };
    call_it(info->label, sizeof info->label, "twin");
    call_it(info->serialNumber, sizeof info->serialNumber, state->plan.serial);
  }
  return rv;
}

/// A reader with a keypad asks the person, and the token sees what was typed.
void type_on_keypad(std::string& typed, CK_UTF8CHAR*& pin, CK_ULONG& size, const char* function) {
  if (pin != nullptr || typed.empty()) return;
  note("keypad", function);
  pin = reinterpret_cast<CK_UTF8CHAR*>(typed.data());
  size = static_cast<CK_ULONG>(typed.size());
}

CK_RV log_in(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR* pin, CK_ULONG size) {
  using Plain = Wrapper<decltype(CK_FUNCTION_LIST::C_Login)>;
  type_on_keypad(state->plan.keypad_pin, pin, size, "C_Login");
  return Plain::call<&CK_FUNCTION_LIST::C_Login, name_of_C_Login>(session, user, pin, size);
}

CK_RV set_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR* old_pin, CK_ULONG old_size, CK_UTF8CHAR* new_pin,
              CK_ULONG new_size) {
  using Plain = Wrapper<decltype(CK_FUNCTION_LIST::C_SetPIN)>;
  type_on_keypad(state->plan.keypad_pin, old_pin, old_size, "C_SetPIN");
  type_on_keypad(state->plan.keypad_new_pin, new_pin, new_size, "C_SetPIN");
  const CK_RV rv = Plain::call<&CK_FUNCTION_LIST::C_SetPIN, name_of_C_SetPIN>(session, old_pin, old_size,
                                                                              new_pin, new_size);
  return rv == CKR_OK ? pin_was_set(state->plan), rv : rv;
}

bool is_missing(CK_MECHANISM_TYPE type) {
  if (!state->plan.only_pkcs1) return false;
  switch (type) {
    case CKM_RSA_X_509:
    case CKM_RSA_PKCS_PSS:
    case CKM_SHA1_RSA_PKCS_PSS:
    case CKM_SHA224_RSA_PKCS_PSS:
    case CKM_SHA256_RSA_PKCS_PSS:
    case CKM_SHA384_RSA_PKCS_PSS:
    case CKM_SHA512_RSA_PKCS_PSS:
      return true;
    default:
      return false;
  }
}

CK_RV get_mechanism_list(CK_SLOT_ID slot, CK_MECHANISM_TYPE* list, CK_ULONG* count) {
  using Plain = Wrapper<decltype(CK_FUNCTION_LIST::C_GetMechanismList)>;
  const CK_RV rv =
      Plain::call<&CK_FUNCTION_LIST::C_GetMechanismList, name_of_C_GetMechanismList>(slot, list, count);
  if (rv == CKR_OK && list != nullptr)
    *count = static_cast<CK_ULONG>(std::remove_if(list, list + *count, is_missing) - list);
  return rv;
}

CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key) {
  using Plain = Wrapper<decltype(CK_FUNCTION_LIST::C_SignInit)>;
  if (is_missing(mechanism->mechanism))
    return note("rv", "C_SignInit", CKR_MECHANISM_INVALID), CKR_MECHANISM_INVALID;
  return Plain::call<&CK_FUNCTION_LIST::C_SignInit, name_of_C_SignInit>(session, mechanism, key);
}

bool refuses(const CK_ATTRIBUTE* attributes, CK_ULONG count) {
  return state->plan.strict && !std::all_of(attributes, attributes + count,
                                            [](const auto& attribute) { return is_taken(attribute.type); });
}

CK_RV refuse(std::string_view function) {
  note("call", function);
  note("rv", function, CKR_ATTRIBUTE_TYPE_INVALID);
  return CKR_ATTRIBUTE_TYPE_INVALID;
}

CK_RV generate_key_pair(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* public_key,
                        CK_ULONG public_count, CK_ATTRIBUTE* private_key, CK_ULONG private_count,
                        CK_OBJECT_HANDLE* made_public, CK_OBJECT_HANDLE* made_private) {
  using Plain = Wrapper<decltype(CK_FUNCTION_LIST::C_GenerateKeyPair)>;
  if (refuses(public_key, public_count) || refuses(private_key, private_count))
    return refuse(name_of_C_GenerateKeyPair);
  return Plain::call<&CK_FUNCTION_LIST::C_GenerateKeyPair, name_of_C_GenerateKeyPair>(
      session, mechanism, public_key, public_count, private_key, private_count, made_public, made_private);
}

CK_RV create_object(CK_SESSION_HANDLE session, CK_ATTRIBUTE* attributes, CK_ULONG count,
                    CK_OBJECT_HANDLE* made) {
  using Plain = Wrapper<decltype(CK_FUNCTION_LIST::C_CreateObject)>;
  if (refuses(attributes, count)) return refuse(name_of_C_CreateObject);
  return Plain::call<&CK_FUNCTION_LIST::C_CreateObject, name_of_C_CreateObject>(session, attributes, count,
                                                                                made);
}

/// The strictest searches for nothing but all.
CK_RV find_objects_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE* wanted, CK_ULONG count) {
  using Plain = Wrapper<decltype(CK_FUNCTION_LIST::C_FindObjectsInit)>;
  if (state->plan.strict && count != 0) return refuse(name_of_C_FindObjectsInit);
  return Plain::call<&CK_FUNCTION_LIST::C_FindObjectsInit, name_of_C_FindObjectsInit>(session, wanted, count);
}

/// What a token says of a key that came from elsewhere.
CK_RV get_attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* attributes,
                          CK_ULONG count) {
  using Plain = Wrapper<decltype(CK_FUNCTION_LIST::C_GetAttributeValue)>;
  const CK_RV rv = Plain::call<&CK_FUNCTION_LIST::C_GetAttributeValue, name_of_C_GetAttributeValue>(
      session, object, attributes, count);
  for (CK_ULONG i = 0; state->plan.imported_keys && rv == CKR_OK && i < count; ++i) {
    if (attributes[i].type == CKA_LOCAL && attributes[i].ulValueLen == sizeof(CK_BBOOL))
      *static_cast<CK_BBOOL*>(attributes[i].pValue) = CK_FALSE;
  }
  return rv;
}

/// No slot holds a token while it is removed.
CK_RV get_slot_list(CK_BBOOL token_present, CK_SLOT_ID* slots, CK_ULONG* count) {
  using Plain = Wrapper<decltype(CK_FUNCTION_LIST::C_GetSlotList)>;
  const CK_RV rv =
      Plain::call<&CK_FUNCTION_LIST::C_GetSlotList, name_of_C_GetSlotList>(token_present, slots, count);
  if (rv == CKR_OK && token_present == CK_TRUE && token_removed()) *count = 0;
  return rv;
}

CK_FUNCTION_LIST* open_real_module(const std::filesystem::path& path) {
  void* symbol = function_of(path, "C_GetFunctionList");
  if (symbol == nullptr) return nullptr;
  CK_FUNCTION_LIST* list = nullptr;
  return reinterpret_cast<CK_C_GetFunctionList>(symbol)(&list) == CKR_OK ? list : nullptr;
}

State* make_state() {
  const char* file = std::getenv(plan_variable);
  if (file == nullptr) return nullptr;
  auto* made = new State;
  made->plan = load_plan(file);
  made->real = open_real_module(made->plan.module);
  made->log = open_log(made->plan.log);
  if (made->real == nullptr || made->log < 0) return nullptr;
  made->table.version = made->real->version;
#define KOSHIN_WRAP(function) \
  made->table.function =      \
      &Wrapper<decltype(CK_FUNCTION_LIST::function)>::call<&CK_FUNCTION_LIST::function, name_of_##function>;
  KOSHIN_CRYPTOKI_FUNCTIONS(KOSHIN_WRAP)
#undef KOSHIN_WRAP
  made->table.C_GetFunctionList = get_function_list;
  made->table.C_GetTokenInfo = get_token_info;
  made->table.C_GetSlotList = get_slot_list;
  made->table.C_GetMechanismList = get_mechanism_list;
  made->table.C_SignInit = sign_init;
  made->table.C_GenerateKeyPair = generate_key_pair;
  made->table.C_CreateObject = create_object;
  made->table.C_FindObjectsInit = find_objects_init;
  made->table.C_Login = log_in;
  made->table.C_SetPIN = set_pin;
  made->table.C_GetAttributeValue = get_attribute_value;
  return made;
}

CK_RV get_function_list(CK_FUNCTION_LIST** list) {
  try {
    if (state == nullptr) state = make_state();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin-fault-module: %s\n", error.what());
  }
  if (state == nullptr) return CKR_GENERAL_ERROR;
  *list = &state->table;
  return CKR_OK;
}

}  // namespace
}  // namespace koshin::faults

extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  return koshin::faults::get_function_list(list);
}
