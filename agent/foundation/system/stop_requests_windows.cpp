// SPDX-License-Identifier: MIT
// Ctrl-C and Ctrl-Break, the end of the console or of the session, and the event that the parent has made for
// this process ask to end. There is no request to read the settings again: who waits watches the settings
// themselves.
#include "foundation/system/stop_requests.hpp"

#include <windows.h>

#include <atomic>

#include "foundation/system/child_spawn_windows.hpp"
#include "foundation/system/security_windows.hpp"
#include "foundation/system/wide_text_windows.hpp"

namespace koshin {
namespace {

/// Read by the thread that the system makes for such a request. Never closed: that thread may come at any
/// time.
std::atomic<NativeHandle> asked{no_handle};

BOOL WINAPI on_request(DWORD kind) {
  ::SetEvent(asked.load());
  const bool ends_when_this_returns =
      kind == CTRL_CLOSE_EVENT || kind == CTRL_LOGOFF_EVENT || kind == CTRL_SHUTDOWN_EVENT;
  if (ends_when_this_returns) ::Sleep(INFINITE);  // until the program has ended, or the system's patience
  return TRUE;
}

}  // namespace

StopRequests::StopRequests() {
  const PrivateToUser security;
  // There already, when the parent is koshin.
  requests_ = Handle(::CreateEventW(static_cast<SECURITY_ATTRIBUTES*>(security.attributes()), TRUE, FALSE,
                                    stop_event_name(::GetCurrentProcessId()).c_str()));
  HANDLE kept = nullptr;
  if (!requests_ || ::DuplicateHandle(::GetCurrentProcess(), requests_.get(), ::GetCurrentProcess(), &kept, 0,
                                      FALSE, DUPLICATE_SAME_ACCESS) == 0)
    throw_last_error("CreateEvent");
  asked = kept;
  ::SetConsoleCtrlHandler(nullptr, FALSE);  // a process group of its own begins with Ctrl-C switched off
  if (::SetConsoleCtrlHandler(on_request, TRUE) == 0) throw_last_error("SetConsoleCtrlHandler");
}

std::optional<StopRequests::Request> StopRequests::take() const {
  if (::WaitForSingleObject(requests_.get(), 0) != WAIT_OBJECT_0) return {};
  ::ResetEvent(requests_.get());
  return Request::end;
}

StopRequests::Request StopRequests::wait() const {
  while (true) {
    ::WaitForSingleObject(requests_.get(), INFINITE);
    if (const auto request = take()) return *request;
  }
}

}  // namespace koshin
