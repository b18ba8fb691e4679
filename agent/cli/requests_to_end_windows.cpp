// SPDX-License-Identifier: MIT
// Ctrl-C, Ctrl-Break and the end of console or session.
#include <windows.h>

#include <atomic>

#include "cli/requests_to_end.hpp"

namespace koshin::cli {
namespace {

/// Read by the thread that the system makes for such a request.
std::atomic<const WakeUp*> to_set_off{nullptr};

BOOL WINAPI on_request(DWORD kind) {
  const WakeUp* const wake = to_set_off.exchange(nullptr);
  if (wake == nullptr) return FALSE;  // asked twice: the person means it, and the system ends the program
  wake->set_off();
  const bool ends_when_this_returns =
      kind == CTRL_CLOSE_EVENT || kind == CTRL_LOGOFF_EVENT || kind == CTRL_SHUTDOWN_EVENT;
  if (ends_when_this_returns) ::Sleep(INFINITE);  // until the program has ended, or the system's patience
  return TRUE;
}

}  // namespace

RequestsToEnd::RequestsToEnd(const WakeUp& wake) {
  to_set_off = &wake;
  ::SetConsoleCtrlHandler(on_request, TRUE);
}

RequestsToEnd::~RequestsToEnd() {
  ::SetConsoleCtrlHandler(on_request, FALSE);
  to_set_off = nullptr;
}

}  // namespace koshin::cli
