// SPDX-License-Identifier: MIT
// Change notifications of a folder.
#include "foundation/system/folder_watch.hpp"

#include <windows.h>

#include <system_error>

namespace koshin {

FolderWatch::FolderWatch(const std::filesystem::path& folder, Of what) {
  constexpr DWORD names = FILE_NOTIFY_CHANGE_FILE_NAME;
  constexpr DWORD files = names | FILE_NOTIFY_CHANGE_DIR_NAME | FILE_NOTIFY_CHANGE_LAST_WRITE |
                          FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_SECURITY;
  HANDLE const changes =
      ::FindFirstChangeNotificationW(folder.c_str(), FALSE, what == Of::names ? names : files);
  if (changes != INVALID_HANDLE_VALUE) {
    events_ = Handle(changes);
  } else {
    obstacle_ = std::system_category().message(static_cast<int>(::GetLastError()));
  }
}

bool FolderWatch::take() {
  // Of a folder that was removed no further notification is given, and the handle stays signalled. While it
  // is open, an older Windows lets no other folder come to that place.
  return events_ && ::FindNextChangeNotification(events_.get()) != 0;
}

}  // namespace koshin
