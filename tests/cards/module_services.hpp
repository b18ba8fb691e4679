// SPDX-License-Identifier: MIT
// Services that modules of others talk to, each with a state and an address of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "foundation/system/child_process.hpp"
#include "foundation/system/file_lock.hpp"
#include "support/environment.hpp"

namespace koshin::cards {

/// A TPM in software (swtpm) behind a resource manager (tpm2-abrmd) on a session bus, and tpm2-pkcs11 pointed
/// at it: TPM2_PKCS11_TCTI, TPM2_PKCS11_STORE and DBUS_SESSION_BUS_ADDRESS of this process and its children.
/// Without a manager, which the kernel is for a TPM of hardware, a TPM holds three objects at once, and a
/// session with two keys is one too many.
class SoftwareTpm {
 public:
  /// Throws std::runtime_error when the TPM does not start or its token cannot be made.
  SoftwareTpm(const std::filesystem::path& directory, const std::string& label, const std::string& pin);
  /// Empty when something of it is not installed.
  static std::filesystem::path module();

 private:
  std::unique_ptr<ChildProcess> tpm_, bus_;
  std::unique_ptr<test::ScopedEnvironment> environment_;
  std::unique_ptr<ChildProcess> manager_;
};

/// opencryptoki's token in software and its slot manager (pkcsslotd), whose folders, socket and shared memory
/// have fixed names: this process and its children get mount and IPC namespaces of their own.
class OpenCryptoki {
 public:
  /// Throws std::runtime_error when the slot manager does not start or its token cannot be made.
  OpenCryptoki(const std::filesystem::path& directory, const std::string& label, const std::string& pin);
  /// Ends the slot manager, which has left its parent.
  ~OpenCryptoki();
  OpenCryptoki(const OpenCryptoki&) = delete;
  OpenCryptoki& operator=(const OpenCryptoki&) = delete;
  /// Empty when something of it is not installed.
  static std::filesystem::path module();
  /// Makes the namespaces. False where none can be made.
  static bool separate();
  /// A copy of the token as it is now.
  void keep() const;
  /// The module writes an object, then empties the data of its token (NVTOK.DAT), and then writes them. A
  /// program that is killed before the last leaves a token that no program sees any more; before the second,
  /// one whose next object is written over the one that was just made. Whether either has happened; then the
  /// token is again as it was kept.
  bool put_back() const;

 private:
  std::filesystem::path directory_;
  /// The module's shared memory has one name, and lies where the tests' folders lie: one test at a time uses
  /// it.
  std::unique_ptr<FileLock> shared_memory_;
};

}  // namespace koshin::cards
