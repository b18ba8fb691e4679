// SPDX-License-Identifier: MIT
// Windows' known folders. The variables of the XDG specification count here too when they name an absolute
// path: one rule for scripts and tests.
#include <windows.h>

#include <knownfolders.h>
#include <shlobj.h>

#include <array>
#include <cstdlib>
#include <string>
#include <system_error>

#include "foundation/failures/failure.hpp"
#include "foundation/system/foreign_home.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/security_windows.hpp"
#include "foundation/system/state_folder.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin::paths {
namespace {

namespace fs = std::filesystem;

fs::path from_environment(const wchar_t* name) {
  const wchar_t* const value = ::_wgetenv(name);
  const fs::path path = value == nullptr ? L"" : value;
  return path.is_absolute() ? path : fs::path{};
}

/// Empty when this user has none.
fs::path known_folder(const KNOWNFOLDERID& id) {
  wchar_t* text = nullptr;
  const bool found = SUCCEEDED(::SHGetKnownFolderPath(id, KF_FLAG_DONT_VERIFY, nullptr, &text));
  fs::path path = found ? text : L"";
  ::CoTaskMemFree(text);
  return path;
}

fs::path folder_of_user(const wchar_t* variable, const wchar_t* own_variable, const KNOWNFOLDERID& id) {
  for (const wchar_t* const name : {variable, own_variable}) {
    if (fs::path path = from_environment(name); !path.empty()) return path;
  }
  fs::path path = known_folder(id);
  if (path.empty()) fail(Reason::journal_unusable, "this user has no folder for application data");
  return path;
}

/// state_directory(), perhaps not made yet.
fs::path state_folder() {
  return folder_of_user(L"XDG_STATE_HOME", L"LOCALAPPDATA", FOLDERID_LocalAppData) / "koshin";
}

[[noreturn]] void unusable(const fs::path& folder, const std::string& what, DWORD error) {
  const std::error_code code(static_cast<int>(error), std::system_category());
  fail(error == ERROR_DISK_FULL || error == ERROR_HANDLE_DISK_FULL ? Reason::disk_full
                                                                   : Reason::journal_unusable,
       folder.string() + ": " + what + ": " + code.message());
}

/// Makes the folder and those above it; it alone is made private to the user, and what will be in it.
fs::path private_folder(const fs::path& folder) {
  std::error_code ignored;
  fs::create_directories(folder.parent_path(), ignored);
  const PrivateToUser security;
  if (::CreateDirectoryW(folder.c_str(), static_cast<SECURITY_ATTRIBUTES*>(security.attributes())) != 0)
    return folder;
  if (const DWORD error = ::GetLastError(); error != ERROR_ALREADY_EXISTS)
    unusable(folder, "cannot make this folder", error);
  const DWORD attributes = ::GetFileAttributesW(folder.c_str());
  if (attributes == INVALID_FILE_ATTRIBUTES || (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0)
    fail(Reason::journal_unusable, folder.string() + ": this is not a folder");
  if ((attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0)
    fail(Reason::journal_unusable, folder.string() + ": this is a link, and not a folder");
  return folder;
}

}  // namespace

std::string why_not_as_root(const fs::path& /*path*/) {
  return {};
}

fs::path state_directory() {
  return private_folder(state_folder());
}

bool has_state_directory() {
  std::error_code error;
  return fs::exists(state_folder(), error) || error;  // what cannot be looked at is no empty place
}

fs::path runtime_directory() {
  return private_folder(state_directory() / "run");
}

fs::path user_settings_file() {
  return folder_of_user(L"XDG_CONFIG_HOME", L"APPDATA", FOLDERID_RoamingAppData) / "koshin" / "koshin.toml";
}

fs::path system_settings_directory() {
  // Of the system and not of the environment: a user sets that.
  fs::path folder = known_folder(FOLDERID_ProgramData);
  if (folder.empty()) fail(Reason::internal_error, "the system names no folder for programs' data");
  return folder / "koshin";
}

fs::path program(const std::string& name) {
  return self().parent_path() / (name + ".exe");
}

fs::path self() {
  std::array<wchar_t, 32768> path{};
  const DWORD size = ::GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
  if (size == 0 || size == path.size())
    fail(Reason::internal_error, "the system does not name the running program");
  return std::wstring(path.data(), size);
}

}  // namespace koshin::paths
