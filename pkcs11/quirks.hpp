// SPDX-License-Identifier: MIT
// Known deviations of particular modules. One table, looked up by file name and by manufacturer.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// Deviations from the standard that cannot be detected by trying, or only by a crash. All other deviations
/// (no slot events, refused locking, missing functions, partial answers) are handled by the module's return
/// values.
struct Quirks {
  bool skip_finalize =
      false;  ///< C_Finalize crashes or hangs: leave the module initialised until the process ends
  bool keep_loaded =
      false;  ///< unmapping the module crashes (its threads or exit handlers outlive C_Finalize)
  bool no_os_locking = false;  ///< C_Initialize with CKF_OS_LOCKING_OK fails in ways worse than a CK_RV
  /// C_DestroyObject of a key returns CKR_OK and hides the key until the module is loaded again; the token
  /// keeps it.
  bool keeps_deleted_keys = false;
  bool no_slot_events = false;  ///< C_WaitForSlotEvent never reports an event, or never returns
  /// C_GenerateKeyPair may take Yubico's attributes for PIN and touch policy (2.3.0 and later do).
  bool may_take_policies = false;
  /// As the security officer's PIN, the module takes the user's PIN too: with it, it fetches the management
  /// key that the card keeps behind the PIN. A wrong PIN costs a try then.
  bool officer_by_pin = false;
  /// The token is shown for reading alone, without CKF_WRITE_PROTECTED: nothing can be made, written or
  /// deleted through this module, which shows only once it is tried.
  bool reads_only = false;
  friend bool operator==(const Quirks&, const Quirks&) = default;
};

/// Quirks by the module's file name (for example "libykcs11.so.2"); needs no call.
Quirks quirks_of_file(const std::filesystem::path& module);
/// Quirks by the manufacturer in CK_INFO or CK_TOKEN_INFO.
Quirks quirks_of_manufacturer(std::string_view manufacturer);
/// Whether the module knows management keys in 3DES alone: ykcs11 before 2.3.0 (Yubico/yubico-piv-tool
/// #333; 2.2.0 of Debian 12, tests/cards). It refuses those in AES as wrong ones.
bool knows_triple_des_alone(const LibraryInfo& library);
/// Whether the token is a YubiKey's PIV application as ykcs11 shows it: CKA_IDs are numbers of slots, and
/// whoever has the management key (as SO PIN) makes keys and writes certificates (2.2.0 of Debian 12,
/// tests/cards). The maker's other tokens, such as the YubiHSM, are none.
bool is_piv_of_ykcs11(const TokenIdentity& token);
/// The token's serial number. ykcs11 reads it as it connects to the card, and shows "0" where the card did
/// not answer then; the label, which it makes on a later connection ("YubiKey PIV #12345678"), has it (2.2.0
/// of Debian 12, tests/cards). Two runs would else take one card for two.
std::string serial_number_said(const TokenIdentity& token, std::string_view label);
/// The union of both.
Quirks operator|(const Quirks& left, const Quirks& right);

}  // namespace koshin::pkcs11
