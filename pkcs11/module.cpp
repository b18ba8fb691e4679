// SPDX-License-Identifier: MIT
// A loaded module: its function table, slots and tokens.
#include "pkcs11/module.hpp"

#include <algorithm>
#include <map>
#include <thread>

#include "p11_kit/registered_modules.hpp"
#include "pkcs11/function_table.hpp"
#include "pkcs11/shared_object.hpp"
#include "pkcs11/token_info.hpp"

namespace koshin::pkcs11 {
namespace {

/// Buffer for the slots of usual modules, so that one C_GetSlotList suffices; and the limit for faulty
/// modules.
constexpr std::size_t expected_slots = 64;
constexpr std::size_t most_slots = 4096;

CK_FUNCTION_LIST* function_list(const SharedObject& object, const std::filesystem::path& path) {
  const auto incompatible = [&path](const std::string& why) {
    return ModuleError(ModuleError::Kind::incompatible,
                       path.string() + " is no usable PKCS#11 module: " + why);
  };
  const auto get = reinterpret_cast<CK_C_GetFunctionList>(object.symbol("C_GetFunctionList"));
  if (get == nullptr) throw incompatible("it has no C_GetFunctionList");
  CK_FUNCTION_LIST* list = nullptr;
  const CK_RV rv = [&] {
    const WatchedCall watched;
    return get(&list);
  }();
  if (rv != CKR_OK) throw Error(rv, "C_GetFunctionList");
  if (list == nullptr) throw incompatible("C_GetFunctionList gave no table");
  // The layout of the table is the same for all of 2.x, and 3.x begins with it.
  if (list->version.major < 2 || list->version.major > 3) {
    throw incompatible("its table has version " + std::to_string(list->version.major) + "." +
                       std::to_string(list->version.minor));
  }
  if (list->C_Initialize == nullptr || list->C_GetSlotList == nullptr || list->C_GetTokenInfo == nullptr ||
      list->C_OpenSession == nullptr) {
    throw incompatible("its table lacks functions that every module has");
  }
  return list;
}

class LoadedModule final : public Module {
 public:
  LoadedModule(std::filesystem::path path, const std::string& reserved)
      : path_(std::move(path)), object_(SharedObject::load(path_)) {
    table_.list = function_list(*object_, path_);
    table_.quirks = quirks_of_file(path_);
    initialize(reserved);
  }
  ~LoadedModule() override {
    if (initialized_here_ && !table_.quirks.skip_finalize) table_.attempt(KOSHIN_CK(C_Finalize), nullptr);
    if (table_.quirks.keep_loaded || table_.quirks.skip_finalize) object_->keep();
  }
  LoadedModule(const LoadedModule&) = delete;
  LoadedModule& operator=(const LoadedModule&) = delete;

  const std::filesystem::path& path() const override { return path_; }
  const LibraryInfo& library() override;
  std::vector<TokenInfo> tokens() override;
  TokenInfo token(std::uint64_t slot) override;
  SlotInfo slot(std::uint64_t slot) override;
  std::optional<bool> wait_for_slot_event(std::chrono::milliseconds limit) override;
  FunctionTable& functions() override { return table_; }

 private:
  void initialize(std::string reserved);
  std::vector<CK_SLOT_ID> slots_with_token() const;
  /// One poll for a slot event; empty when the module has no slot events.
  std::optional<bool> slot_event_now() const;
  void learn_from(const std::string& manufacturer) {
    table_.quirks = table_.quirks | quirks_of_manufacturer(manufacturer);
  }
  TokenInfo learned(CK_SLOT_ID slot, const CK_TOKEN_INFO& info) {
    TokenInfo token = token_info_of(slot, info);
    learn_from(token.identity.manufacturer);
    table_.logins[slot].required = token.login_required;
    return token;
  }

  std::filesystem::path path_;
  std::unique_ptr<SharedObject> object_;
  FunctionTable table_;
  bool initialized_here_ = false;
  std::optional<LibraryInfo> library_;
};

/// The argument of C_Initialize. NSS's structure has its text in the place of pReserved, followed by one more
/// pointer.
struct InitializeArguments {
  CK_C_INITIALIZE_ARGS standard{};
  void* behind = nullptr;
};

void LoadedModule::initialize(std::string reserved) {
  const std::string given = reserved;
  InitializeArguments arguments;
  const bool lock = !table_.quirks.no_os_locking;
  if (lock) arguments.standard.flags = CKF_OS_LOCKING_OK;
  if (!reserved.empty()) arguments.standard.pReserved = reserved.data();
  CK_RV rv = table_.attempt(KOSHIN_CK(C_Initialize), lock || !reserved.empty() ? &arguments : nullptr);
  if (lock && (rv == CKR_CANT_LOCK || rv == CKR_ARGUMENTS_BAD || rv == CKR_NEED_TO_CREATE_THREADS)) {
    // The module supports a single thread only; jobs are single-threaded.
    arguments.standard.flags = 0;
    rv = table_.attempt(KOSHIN_CK(C_Initialize), reserved.empty() ? nullptr : &arguments);
  }
  static std::map<std::filesystem::path, std::string> texts;  // of the modules initialised by this process
  const auto known = texts.try_emplace(path_, given).first;
  // Initialised with another text in pReserved, the module shows another database than the one that is meant.
  if (rv == CKR_CRYPTOKI_ALREADY_INITIALIZED && known->second != given) throw Error(rv, "C_Initialize");
  known->second = given;
  if (rv == CKR_CRYPTOKI_ALREADY_INITIALIZED)
    return;  // the component that initialised the module also finalizes it
  if (rv != CKR_OK) throw Error(rv, "C_Initialize");
  initialized_here_ = true;
}

const LibraryInfo& LoadedModule::library() {
  if (!library_) {
    CK_INFO info{};
    table_.call(KOSHIN_CK(C_GetInfo), &info);
    library_ = {padded_text(info.manufacturerID), padded_text(info.libraryDescription),
                info.libraryVersion.major, info.libraryVersion.minor};
    learn_from(library_->manufacturer);
  }
  return *library_;
}

std::vector<CK_SLOT_ID> LoadedModule::slots_with_token() const {
  std::vector<CK_SLOT_ID> slots(expected_slots);
  for (int attempts = 0;; ++attempts) {
    CK_ULONG count = static_cast<CK_ULONG>(slots.size());
    const CK_RV rv = table_.attempt(KOSHIN_CK(C_GetSlotList), CK_BBOOL{CK_TRUE}, slots.data(), &count);
    if (rv == CKR_OK && count <= slots.size()) {
      slots.resize(count);
      return slots;
    }
    // Readers may be added between the calls: enlarge the buffer, a few times.
    if ((rv != CKR_BUFFER_TOO_SMALL && rv != CKR_OK) || attempts == 4 || count > most_slots) {
      throw Error(rv == CKR_OK ? CKR_BUFFER_TOO_SMALL : rv, "C_GetSlotList");
    }
    slots.resize(std::max<std::size_t>(count, slots.size() * 2));
  }
}

std::vector<TokenInfo> LoadedModule::tokens() {
  std::vector<TokenInfo> result;
  for (const CK_SLOT_ID slot : slots_with_token()) {
    CK_TOKEN_INFO info{};
    if (table_.attempt(KOSHIN_CK(C_GetTokenInfo), slot, &info) != CKR_OK) continue;
    result.push_back(learned(slot, info));
  }
  return result;
}

TokenInfo LoadedModule::token(std::uint64_t slot) {
  CK_TOKEN_INFO info{};
  table_.call(KOSHIN_CK(C_GetTokenInfo), slot, &info);
  return learned(static_cast<CK_SLOT_ID>(slot), info);
}

SlotInfo LoadedModule::slot(std::uint64_t slot) {
  CK_SLOT_INFO info{};
  if (table_.attempt(KOSHIN_CK(C_GetSlotInfo), slot, &info) != CKR_OK) return {};
  return {padded_text(info.slotDescription), padded_text(info.manufacturerID)};
}

std::optional<bool> LoadedModule::slot_event_now() const {
  CK_SLOT_ID slot = 0;
  const CK_RV rv = table_.attempt(KOSHIN_CK(C_WaitForSlotEvent), CK_FLAGS{CKF_DONT_BLOCK}, &slot, nullptr);
  if (rv == CKR_OK) return true;
  if (rv == CKR_NO_EVENT) return false;
  if (rv == CKR_FUNCTION_NOT_SUPPORTED) return std::nullopt;
  throw Error(rv, "C_WaitForSlotEvent");
}

std::optional<bool> LoadedModule::wait_for_slot_event(std::chrono::milliseconds limit) {
  if (table_.quirks.no_slot_events) return std::nullopt;
  // The blocking form has no time limit, and the only way to end it, C_Finalize from another thread, crashes
  // more modules than it wakes. Polling at growing intervals works with all modules.
  const auto until = std::chrono::steady_clock::now() + limit;
  auto pause = std::chrono::milliseconds(20);
  for (;;) {
    const std::optional<bool> event = slot_event_now();
    if (!event || *event) return event;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= std::chrono::milliseconds(0)) return false;
    std::this_thread::sleep_for(std::min(pause, left));
    pause = std::min(pause * 2, std::chrono::milliseconds(1000));
  }
}

}  // namespace

std::string Module::description() {
  const LibraryInfo& told = library();
  return told.manufacturer + " (" + told.description + ") " + std::to_string(told.major) + "." +
         std::to_string(told.minor);
}

std::shared_ptr<Module> Module::load(const std::filesystem::path& path, const std::string& reserved) {
  if (!path.is_absolute()) {
    throw ModuleError(ModuleError::Kind::not_found,
                      "the path of a PKCS#11 module must be absolute: " + path.string());
  }
  return std::make_shared<LoadedModule>(path, reserved);
}

std::vector<RegisteredModule> Module::registered() {
  return read_registered_modules(registered_module_folders(), running_program_name());
}

RegisteredModule Module::resolve_registered(const std::string& name) {
  std::string known;
  for (RegisteredModule& module : registered()) {
    if (module.name == name) return std::move(module);
    known += (known.empty() ? "" : ", ") + module.name;
  }
  throw ModuleError(ModuleError::Kind::not_found,
                    "no module named \"" + name +
                        "\" is registered with p11-kit (known: " + (known.empty() ? "none" : known) + ")");
}

}  // namespace koshin::pkcs11
