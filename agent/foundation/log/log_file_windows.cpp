// SPDX-License-Identifier: MIT
// koshin.log on Windows.
#include <windows.h>

#include <array>
#include <exception>
#include <filesystem>
#include <string_view>

#include "foundation/log/log_file.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/security_windows.hpp"

namespace koshin::log {
namespace {

constexpr std::wstring_view file_name = L"koshin.log";

/// Whether the open file is koshin.log, by its present name. Does not allocate: called while the process
/// crashes.
bool is_log_file(NativeHandle file) noexcept {
  std::array<wchar_t, 4096> path{};
  const DWORD size =
      ::GetFinalPathNameByHandleW(file, path.data(), static_cast<DWORD>(path.size()), VOLUME_NAME_DOS);
  if (size == 0 || size >= path.size()) return false;
  std::wstring_view name(path.data(), size);
  name.remove_prefix(name.rfind(L'\\') + 1);
  return name.starts_with(file_name);  // another run may have renamed it to koshin.log.1
}

void set_full_one_aside(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  if (!ignored && size + room_for_one_run > largest_log_file)
    ::MoveFileExW(path.c_str(), (path.native() + L".1").c_str(), MOVEFILE_REPLACE_EXISTING);
}

}  // namespace

Handle open_log_file() noexcept {
  try {
    const std::filesystem::path path = paths::state_directory() / file_name;
    set_full_one_aside(path);
    const PrivateToUser security;
    // Sharing deletion lets another run rename it meanwhile.
    HANDLE const opened = ::CreateFileW(path.c_str(), FILE_APPEND_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE,
                                        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                        static_cast<SECURITY_ATTRIBUTES*>(security.attributes()), OPEN_ALWAYS,
                                        FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    if (opened == INVALID_HANDLE_VALUE) return {};
    Handle file(opened);
    if (::GetFileType(opened) != FILE_TYPE_DISK) return {};
    return file;
  } catch (const std::exception&) {
    return {};
  }
}

bool fits_log_file(NativeHandle to, std::size_t bytes) noexcept {
  LARGE_INTEGER size{};
  if (::GetFileType(to) != FILE_TYPE_DISK || ::GetFileSizeEx(to, &size) == 0 || !is_log_file(to)) return true;
  return static_cast<std::uintmax_t>(size.QuadPart) + bytes <= largest_log_file;
}

}  // namespace koshin::log
