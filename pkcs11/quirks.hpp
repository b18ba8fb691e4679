// SPDX-License-Identifier: MIT
// What is known to go wrong with particular modules. One table, looked up by file name and by manufacturer.
#pragma once

#include <filesystem>
#include <string_view>

namespace koshin::pkcs11 {

/// Deviations from the standard that cannot be found out by trying, or that cost a crash to find out.
/// Everything else (no slot events, refused locking, missing functions, partial answers) is met by looking at
/// what the module returns.
struct Quirks {
  bool skip_finalize =
      false;  ///< C_Finalize crashes or hangs: leave the module initialised until the process ends
  bool keep_loaded =
      false;  ///< unmapping the module crashes (its threads or exit handlers outlive C_Finalize)
  bool no_os_locking = false;  ///< C_Initialize with CKF_OS_LOCKING_OK fails in ways worse than a CK_RV
  /// C_DestroyObject of a key answers CKR_OK and hides it until the module is loaded anew: the token has it
  /// still.
  bool keeps_deleted_keys = false;
  bool no_slot_events = false;  ///< C_WaitForSlotEvent never tells of anything, or never returns
  friend bool operator==(const Quirks&, const Quirks&) = default;
};

/// By the module's file name ("libykcs11.so.2", say), which costs no call.
Quirks quirks_of_file(const std::filesystem::path& module);
/// By the manufacturer a module or its token names itself with.
Quirks quirks_of_manufacturer(std::string_view manufacturer);
/// Everything either of the two knows.
Quirks operator|(const Quirks& left, const Quirks& right);

}  // namespace koshin::pkcs11
