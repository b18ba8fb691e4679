// SPDX-License-Identifier: MIT
// ReadFile and WriteFile, and waiting for what can be read.
#include "foundation/system/handle_io.hpp"

#include <windows.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

using Clock = std::chrono::steady_clock;

constexpr DWORD most_at_once = 1UL << 20;

bool is_end(DWORD error) {
  return error == ERROR_BROKEN_PIPE || error == ERROR_HANDLE_EOF || error == ERROR_PIPE_NOT_CONNECTED;
}

/// A pipe with nothing in it has no state to wait for unless a read of it is begun.
bool wait_for_pipe(NativeHandle pipe, Clock::time_point until) {
  constexpr DWORD pause_ms = 10;
  while (true) {
    DWORD there = 0;
    if (::PeekNamedPipe(pipe, nullptr, 0, nullptr, &there, nullptr) == 0) {
      // What cannot be looked into (a socket in a pipe's place) is read, and the read waits.
      if (is_end(::GetLastError()) || ::GetLastError() == ERROR_NOT_SUPPORTED) return true;
      throw_last_error("PeekNamedPipe");
    }
    if (there > 0) return true;
    if (Clock::now() >= until) return false;
    ::Sleep(pause_ms);
  }
}

/// A console is signalled by mouse and focus too; a key that goes up is nothing to read.
bool has_typed(NativeHandle console) {
  std::array<INPUT_RECORD, 64> records{};
  DWORD count = 0;
  if (::PeekConsoleInputW(console, records.data(), static_cast<DWORD>(records.size()), &count) == 0)
    return true;
  const auto is_key = [](const INPUT_RECORD& record) {
    return record.EventType == KEY_EVENT && record.Event.KeyEvent.bKeyDown != 0;
  };
  if (std::any_of(records.begin(), records.begin() + count, is_key)) return true;
  ::ReadConsoleInputW(console, records.data(), count, &count);
  return false;
}

bool wait_for_signal(NativeHandle handle, Clock::time_point until) {
  DWORD mode = 0;
  const bool console = ::GetFileType(handle) == FILE_TYPE_CHAR && ::GetConsoleMode(handle, &mode) != 0;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    const DWORD result =
        ::WaitForSingleObject(handle, static_cast<DWORD>(std::clamp<long long>(left, 0, 3600000)));
    if (result == WAIT_OBJECT_0 && (!console || has_typed(handle))) return true;
    if (result == WAIT_FAILED) throw_last_error("WaitForSingleObject");
    if (Clock::now() >= until) return false;
  }
}

}  // namespace

std::size_t read_some(NativeHandle from, std::span<char> into) {
  const auto size = static_cast<DWORD>(std::min<std::size_t>(into.size(), most_at_once));
  DWORD count = 0;
  if (::ReadFile(from, into.data(), size, &count, nullptr) != 0) return count;
  if (is_end(::GetLastError())) return 0;
  throw_last_error("read");
}

void write_all(NativeHandle to, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const auto size = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), most_at_once));
    DWORD count = 0;
    if (::WriteFile(to, bytes.data(), size, &count, nullptr) == 0) {
      // A closed pipe has one name in the portable code.
      if (is_end(::GetLastError()) || ::GetLastError() == ERROR_NO_DATA)
        throw std::system_error(std::make_error_code(std::errc::broken_pipe), "write");
      throw_last_error("write");
    }
    bytes = bytes.subspan(count);
  }
}

bool wait_until_readable(NativeHandle from, std::chrono::milliseconds limit) {
  const auto until = Clock::now() + limit;
  switch (::GetFileType(from)) {
    case FILE_TYPE_PIPE:
      return wait_for_pipe(from, until);
    case FILE_TYPE_DISK:
      return true;
    default:  // a console; an event or a process, of which the system says that it is no file
      return wait_for_signal(from, until);
  }
}

}  // namespace koshin
