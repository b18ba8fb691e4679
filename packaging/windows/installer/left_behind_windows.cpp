// SPDX-License-Identifier: MIT
#include "left_behind_windows.hpp"

#include <windows.h>

#include <array>
#include <vector>

#include "foundation/system/handle.hpp"

namespace koshin::setup {
namespace {

constexpr int deepest = 4;  // of folders; koshin makes two

/// Keeps the folder from being renamed or replaced, and with it those above it, while it is open. None when
/// it is no folder, or is not where its name says.
Handle hold(const std::wstring& folder) {
  const HANDLE opened = CreateFileW(folder.c_str(), FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING,
                                    FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
  if (opened == INVALID_HANDLE_VALUE) return {};
  Handle handle(opened);
  BY_HANDLE_FILE_INFORMATION about{};
  std::array<wchar_t, 32768> path{};
  const bool is_plain = GetFileInformationByHandle(handle.get(), &about) != 0 &&
                        (about.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 &&
                        (about.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) == 0;
  const DWORD size = GetFinalPathNameByHandleW(handle.get(), path.data(), static_cast<DWORD>(path.size()),
                                               FILE_NAME_NORMALIZED);
  const std::wstring expected = L"\\\\?\\" + folder;
  const bool is_there =
      size > 0 && size < path.size() &&
      CompareStringOrdinal(path.data(), static_cast<int>(size), expected.c_str(), -1, TRUE) == CSTR_EQUAL;
  return is_plain && is_there ? std::move(handle) : Handle();
}

struct Entry {
  std::wstring path;
  DWORD attributes;
};

std::vector<Entry> entries_of(const std::wstring& folder) {
  std::vector<Entry> entries;
  WIN32_FIND_DATAW found{};
  const HANDLE search = FindFirstFileW((folder + L"\\*").c_str(), &found);
  if (search == INVALID_HANDLE_VALUE) return entries;
  do {
    const std::wstring name = found.cFileName;
    if (name != L"." && name != L"..") entries.push_back({folder + L'\\' + name, found.dwFileAttributes});
  } while (FindNextFileW(search, &found) != 0);
  FindClose(search);
  return entries;
}

/// Removes what is in the folder and then the folder. Links are removed and not followed.
void remove_folder(const std::wstring& folder, int depth) {
  {
    const Handle held = hold(folder);
    if (!held || depth > deepest) return;
    for (const Entry& entry : entries_of(folder)) {
      const bool is_folder = (entry.attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
      const bool is_link = (entry.attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
      if (!is_folder) {
        DeleteFileW(entry.path.c_str());
      } else if (is_link) {
        RemoveDirectoryW(entry.path.c_str());
      } else {
        remove_folder(entry.path, depth + 1);
      }
    }
  }
  RemoveDirectoryW(folder.c_str());
}

std::wstring without_backslash(std::wstring folder) {
  while (!folder.empty() && folder.back() == L'\\') folder.pop_back();
  return folder;
}

std::vector<std::wstring> profile_folders() {
  const std::wstring list = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList";
  std::vector<std::wstring> folders;
  HKEY key = nullptr;
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, list.c_str(), 0, KEY_READ | KEY_WOW64_64KEY, &key) != ERROR_SUCCESS)
    return folders;
  std::array<wchar_t, 256> name{};
  std::array<wchar_t, 4096> value{};
  for (DWORD index = 0;; ++index) {
    auto units = static_cast<DWORD>(name.size());
    if (RegEnumKeyExW(key, index, name.data(), &units, nullptr, nullptr, nullptr, nullptr) != ERROR_SUCCESS)
      break;
    auto bytes = static_cast<DWORD>(value.size() * sizeof(wchar_t));
    // A value with %SystemDrive% and the like is a text here, with these filled in.
    if (RegGetValueW(key, name.data(), L"ProfileImagePath", RRF_RT_REG_SZ, nullptr, value.data(), &bytes) ==
        ERROR_SUCCESS)
      folders.push_back(without_backslash(value.data()));
  }
  RegCloseKey(key);
  return folders;
}

}  // namespace

void remove_settings(const std::wstring& folder) {
  const std::wstring name = without_backslash(folder);
  // Nothing but a folder of this name, whatever the installer's data say.
  if (name.size() > 10 && name.ends_with(L"\\koshin")) remove_folder(name, 0);
}

void remove_users_state() {
  for (const std::wstring& profile : profile_folders())
    remove_folder(profile + L"\\AppData\\Local\\koshin", 0);
}

}  // namespace koshin::setup
