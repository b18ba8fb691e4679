// SPDX-License-Identifier: MIT
// The system looks at the access list when the folder is opened for adding files.
#include "desk_check/folder_rights.hpp"

#include <windows.h>

#include <system_error>

#include "foundation/system/handle.hpp"

namespace koshin::desk_check {

std::string why_not_writable(const std::filesystem::path& folder) {
  HANDLE const opened =
      CreateFileW(folder.c_str(), FILE_ADD_FILE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                  nullptr, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  if (opened == INVALID_HANDLE_VALUE)
    return std::error_code(static_cast<int>(GetLastError()), std::system_category()).message();
  const Handle handle(opened);
  return {};
}

}  // namespace koshin::desk_check
