// SPDX-License-Identifier: MIT
// Anonymous pipes know no overlapped reading, so it is a named one, whose name nobody else can use: it has
// one instance, which is connected before this function returns, and nobody but the user may open it.
#include "foundation/system/waited_pipe_windows.hpp"

#include <windows.h>

#include <atomic>
#include <string>

#include "foundation/system/security_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

constexpr DWORD buffer_size = 64 * 1024;

std::wstring new_name() {
  static std::atomic<unsigned> count{0};
  LARGE_INTEGER now{};
  ::QueryPerformanceCounter(&now);
  return LR"(\\.\pipe\koshin-)" + std::to_wstring(::GetCurrentProcessId()) + L'-' + std::to_wstring(++count) +
         L'-' + std::to_wstring(now.QuadPart);
}

}  // namespace

WaitedPipe WaitedPipe::make(Own own, bool inherited) {
  const PrivateToUser security;
  const std::wstring name = new_name();
  const DWORD direction = own == Own::reads ? PIPE_ACCESS_INBOUND : PIPE_ACCESS_OUTBOUND;
  HANDLE const server =
      ::CreateNamedPipeW(name.c_str(), direction | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
                         PIPE_TYPE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, buffer_size, buffer_size,
                         0, static_cast<SECURITY_ATTRIBUTES*>(security.attributes()));
  if (server == INVALID_HANDLE_VALUE) throw_last_error("CreateNamedPipe");
  WaitedPipe pipe;
  pipe.own = Handle(server);
  SECURITY_ATTRIBUTES attributes{sizeof(SECURITY_ATTRIBUTES), nullptr, inherited ? TRUE : FALSE};
  const DWORD access =
      own == Own::reads ? GENERIC_WRITE | FILE_READ_ATTRIBUTES : GENERIC_READ | FILE_WRITE_ATTRIBUTES;
  HANDLE const client = ::CreateFileW(name.c_str(), access, 0, &attributes, OPEN_EXISTING, 0, nullptr);
  if (client == INVALID_HANDLE_VALUE) throw_last_error("CreateFile of a pipe");
  pipe.other = Handle(client);
  return pipe;
}

}  // namespace koshin
