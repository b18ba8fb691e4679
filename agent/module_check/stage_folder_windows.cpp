// SPDX-License-Identifier: MIT
// Beside the administrator's settings: what lies in a user's folders belongs to a user with two tokens, whose
// lesser one may change it, and settings from there may not name a module.
#include <windows.h>

#include <sddl.h>

#include <system_error>

#include "foundation/failures/failure.hpp"
#include "foundation/system/paths.hpp"
#include "module_check/stage_folder.hpp"

namespace koshin::module_check {
namespace {

namespace fs = std::filesystem;

// Each with what will be in it. The first is what the installer gives its folder of settings.
constexpr const wchar_t* read_by_users = L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)";
constexpr const wchar_t* administrators_alone = L"O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";

[[noreturn]] void unusable(const fs::path& folder, DWORD error) {
  const std::error_code code(static_cast<int>(error), std::system_category());
  fail(Reason::journal_unusable, folder.string() + ": cannot make this folder: " + code.message());
}

/// One that is there already is left as it is: who can change it is looked at when the settings are read,
/// with every folder above them.
void make_folder(const fs::path& folder, const wchar_t* descriptor) {
  PSECURITY_DESCRIPTOR security = nullptr;
  if (::ConvertStringSecurityDescriptorToSecurityDescriptorW(descriptor, SDDL_REVISION_1, &security,
                                                             nullptr) == 0)
    unusable(folder, ::GetLastError());
  SECURITY_ATTRIBUTES attributes{
      .nLength = sizeof attributes, .lpSecurityDescriptor = security, .bInheritHandle = FALSE};
  const bool made = ::CreateDirectoryW(folder.c_str(), &attributes) != 0;
  const DWORD error = made ? ERROR_SUCCESS : ::GetLastError();
  ::LocalFree(security);
  if (error != ERROR_SUCCESS && error != ERROR_ALREADY_EXISTS) unusable(folder, error);
}

}  // namespace

fs::path checks_folder() {
  const fs::path above = paths::system_settings_directory();
  make_folder(above, read_by_users);
  fs::path folder = above / "module-check";
  make_folder(folder, administrators_alone);
  return folder;
}

/// A folder with an open file in it, such as a lock, is not renamed: who holds it by then keeps it.
void remove_folder(const fs::path& folder, std::unique_ptr<FileLock> lock) {
  std::error_code ignored;
  fs::path aside = folder;
  aside += L".removed";
  fs::remove_all(aside, ignored);  // of a check that was killed here
  lock.reset();
  std::error_code error;
  fs::rename(folder, aside, error);
  if (!error) fs::remove_all(aside, ignored);
}

}  // namespace koshin::module_check
