// SPDX-License-Identifier: MIT
// The three standard handles, and descriptors 0 to 2 of the C library, which a module shares with this
// program.
#include "foundation/system/standard_streams.hpp"

#include <windows.h>

#include <fcntl.h>
#include <io.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "foundation/system/standard_streams_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

DWORD number_of(StandardStream stream) {
  switch (stream) {
    case StandardStream::input:
      return STD_INPUT_HANDLE;
    case StandardStream::output:
      return STD_OUTPUT_HANDLE;
    case StandardStream::error:
      break;
  }
  return STD_ERROR_HANDLE;
}

int descriptor_of(StandardStream stream) {
  return static_cast<int>(stream);
}

HANDLE open_null(DWORD access) {
  SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
  HANDLE const null = ::CreateFileW(L"NUL", access, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited,
                                    OPEN_EXISTING, 0, nullptr);
  return null == INVALID_HANDLE_VALUE ? nullptr : null;
}

/// Takes the handle over. The C library's descriptor gets a duplicate of it.
bool install(HANDLE handle, StandardStream stream) noexcept {
  if (handle == nullptr) return false;
  const int flags = stream == StandardStream::input ? _O_RDONLY | _O_BINARY : _O_BINARY;
  const int opened = ::_open_osfhandle(reinterpret_cast<std::intptr_t>(handle), flags);
  if (opened < 0) {
    ::CloseHandle(handle);
    return false;
  }
  const int wanted = descriptor_of(stream);
  if (opened != wanted) {
    const bool done = ::_dup2(opened, wanted) == 0;
    ::_close(opened);
    if (!done) return false;
  }
  auto* const installed = reinterpret_cast<HANDLE>(::_get_osfhandle(wanted));
  ::SetHandleInformation(installed, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
  return ::SetStdHandle(number_of(stream), installed) != 0;
}

void fill(StandardStream stream, DWORD access) noexcept {
  NativeHandle const handle = standard_handle(stream);
  DWORD flags = 0;
  if (handle == no_handle || ::GetHandleInformation(handle, &flags) == 0)
    (void)install(open_null(access), stream);
}

UINT code_page_before = 0;  // 0: there is nothing to restore

/// What koshin says is UTF-8; the console is left as it was found.
void speak_utf8() noexcept {
  const UINT before = ::GetConsoleOutputCP();
  if (before == 0 || before == CP_UTF8 || ::SetConsoleOutputCP(CP_UTF8) == 0) return;
  code_page_before = before;
  (void)std::atexit(leave_console_as_found);
}

}  // namespace

NativeHandle standard_handle(StandardStream stream) noexcept {
  HANDLE const handle = ::GetStdHandle(number_of(stream));
  return handle == INVALID_HANDLE_VALUE ? nullptr : handle;
}

void begin_program() noexcept {
  open_standard_streams();
  // A line's end is one byte, and no byte ends the input.
  for (const StandardStream stream : {StandardStream::input, StandardStream::output, StandardStream::error})
    ::_setmode(descriptor_of(stream), _O_BINARY);
  (void)std::setvbuf(stderr, nullptr, _IONBF, 0);  // as the standard says, and not every C library does
  speak_utf8();
  // A missing disk or library is an error of a call, and no window that somebody has to close.
  ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
}

void leave_console_as_found() noexcept {
  if (code_page_before != 0) ::SetConsoleOutputCP(std::exchange(code_page_before, 0));
}

void outlive_readers() noexcept {}  // Windows ends nobody who writes to a closed pipe

void open_standard_streams() noexcept {
  fill(StandardStream::input, GENERIC_READ);
  fill(StandardStream::output, GENERIC_READ);  // not writable: see the header
  fill(StandardStream::error, GENERIC_WRITE);
}

Handle keep_own(StandardStream stream) {
  HANDLE own = nullptr;
  if (::DuplicateHandle(::GetCurrentProcess(), standard_handle(stream), ::GetCurrentProcess(), &own, 0, FALSE,
                        DUPLICATE_SAME_ACCESS) == 0)
    throw_last_error("DuplicateHandle");
  return Handle(own);
}

void lead_to(NativeHandle target, StandardStream stream) {
  HANDLE copy = nullptr;
  if (::DuplicateHandle(::GetCurrentProcess(), target, ::GetCurrentProcess(), &copy, 0, TRUE,
                        DUPLICATE_SAME_ACCESS) == 0)
    throw_last_error("DuplicateHandle");
  if (stream != StandardStream::input) (void)std::fflush(stream == StandardStream::output ? stdout : stderr);
  if (!install(copy, stream)) throw_last_error("SetStdHandle");
}

bool leads_to_socket(StandardStream /*stream*/) noexcept {
  return false;
}

void lead_nowhere(StandardStream stream) {
  const Handle null(open_null(stream == StandardStream::input ? GENERIC_READ : GENERIC_WRITE));
  if (!null) throw_last_error("NUL");
  lead_to(null.get(), stream);
}

}  // namespace koshin
