// SPDX-License-Identifier: MIT
// Who has a browser's database open. Firefox keeps its files open while it runs; nobody else can have one of
// them for itself then.
#include <windows.h>

#include "desk_check/browser_profiles.hpp"
#include "foundation/system/handle.hpp"

namespace koshin::desk_check {
namespace {

bool is_open_elsewhere(const std::filesystem::path& file) {
  constexpr DWORD nothing_shared = 0;
  HANDLE const opened =
      CreateFileW(file.c_str(), GENERIC_READ, nothing_shared, nullptr, OPEN_EXISTING, 0, nullptr);
  if (opened == INVALID_HANDLE_VALUE) return GetLastError() == ERROR_SHARING_VIOLATION;
  const Handle handle(opened);
  return false;
}

}  // namespace

std::optional<std::string> user_of_profile(const BrowserProfile& profile) {
  for (const char* const file : {"parent.lock", "cert9.db", "key4.db", "pkcs11.txt"})
    if (is_open_elsewhere(profile.folder / file)) return "another process has " + std::string(file) + " open";
  return {};
}

}  // namespace koshin::desk_check
