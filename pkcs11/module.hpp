// SPDX-License-Identifier: MIT
// A PKCS#11 module: one load, one C_Initialize and one C_Finalize, while the Module is referenced.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "p11_kit/registered_modules.hpp"
#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

struct FunctionTable;  // wraps CK_FUNCTION_LIST; defined inside this folder

/// A loaded and initialised module. Finalized only if this object initialised it.
class Module {
 public:
  /// Loads `path` (absolute) and initialises it with CKF_OS_LOCKING_OK, falling back to no locking for
  /// modules that refuse it. `reserved`: see RegisteredModule. Throws ModuleError or Error.
  static std::shared_ptr<Module> load(const std::filesystem::path& path, const std::string& reserved = {});
  /// Resolves "name" through p11-kit's registered modules (p11-kit(8), *.module files). Throws
  /// ModuleError{not_found}.
  static RegisteredModule resolve_registered(const std::string& name);
  /// p11-kit's registered modules, in their order of priority.
  static std::vector<RegisteredModule> registered();

  virtual ~Module() = default;
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  virtual const std::filesystem::path& path() const = 0;
  /// The module's CK_INFO; C_GetInfo is called once.
  virtual const LibraryInfo& library() = 0;
  /// "SoftHSM (Implementation of PKCS11) 2.6", from library().
  std::string description();
  /// Every slot with a token: one C_GetSlotList and one C_GetTokenInfo for each. Slots whose token vanishes
  /// in between or cannot be read are left out.
  virtual std::vector<TokenInfo> tokens() = 0;
  /// One C_GetTokenInfo: fresh PIN flags and memory.
  virtual TokenInfo token(std::uint64_t slot) = 0;
  /// One C_GetSlotInfo.
  virtual SlotInfo slot(std::uint64_t slot) = 0;
  /// Waits up to `limit` for a token to be inserted or removed. Returns false after the time; empty, without
  /// waiting, when the module does not implement C_WaitForSlotEvent.
  virtual std::optional<bool> wait_for_slot_event(std::chrono::milliseconds limit) = 0;

  /// The module's functions, for sources of this folder.
  virtual FunctionTable& functions() = 0;

 protected:
  Module() = default;
};

}  // namespace koshin::pkcs11
