// SPDX-License-Identifier: MIT
// Changes of names in the program's folder. A program that runs is not written over on Windows: whoever puts
// another one in its place renames it first. What is looked at is the file that holds the code: of a
// delivered program a library that all of them share, which an upgrade replaces with them; else the program
// itself.
#include "foundation/system/program_watch.hpp"

#include <windows.h>

#include <array>
#include <system_error>

#include "foundation/system/paths.hpp"
#include "foundation/system/program_watch_windows.hpp"

namespace koshin {

std::filesystem::path file_of_this_code() {
  HMODULE image = nullptr;
  std::array<wchar_t, 32768> path{};
  constexpr DWORD by_address =
      GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  if (::GetModuleHandleExW(by_address, reinterpret_cast<const wchar_t*>(&file_of_this_code), &image) == 0)
    return paths::self();
  const DWORD size = ::GetModuleFileNameW(image, path.data(), static_cast<DWORD>(path.size()));
  if (size == 0 || size == path.size()) return paths::self();
  return std::wstring(path.data(), size);
}

namespace {

/// An event that nobody sets, where the folder cannot be watched.
Handle watched(const std::filesystem::path& folder) {
  HANDLE const changes = ::FindFirstChangeNotificationW(folder.c_str(), FALSE, FILE_NOTIFY_CHANGE_FILE_NAME);
  if (changes != INVALID_HANDLE_VALUE) return Handle(changes);
  return Handle(::CreateEventW(nullptr, TRUE, FALSE, nullptr));
}

}  // namespace

ProgramWatch::ProgramWatch()
    : program_(file_of_this_code()),
      identity_(identity_of(program_)),
      events_(watched(program_.parent_path())) {}

std::optional<ProgramWatch::Identity> ProgramWatch::identity_of(const std::filesystem::path& file) {
  constexpr DWORD whatever_others_do = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  HANDLE const opened = ::CreateFileW(file.c_str(), FILE_READ_ATTRIBUTES, whatever_others_do, nullptr,
                                      OPEN_EXISTING, 0, nullptr);
  if (opened == INVALID_HANDLE_VALUE) return {};
  const Handle handle(opened);
  BY_HANDLE_FILE_INFORMATION info{};
  if (::GetFileInformationByHandle(opened, &info) == 0) return {};
  return Identity{info.dwVolumeSerialNumber,
                  (std::uint64_t{info.nFileIndexHigh} << 32U) | info.nFileIndexLow};
}

ProgramWatch::State ProgramWatch::look() {
  // Before the look, so that what changes during it is told again.
  ::FindNextChangeNotification(events_.get());
  const auto now = identity_of(program_);
  std::error_code ignored;
  if (!now || !std::filesystem::exists(paths::self(), ignored)) return State::removed;
  return now == identity_ ? State::same : State::replaced;
}

}  // namespace koshin
