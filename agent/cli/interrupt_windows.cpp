// SPDX-License-Identifier: MIT
// Ctrl-C, Ctrl-Break and the end of console or session set off a wake-up that nobody clears, so every wait
// for it sees it.
#include <windows.h>

#include <atomic>
#include <thread>

#include "cli/interrupt.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/pipe.hpp"

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

struct Interrupt::Parts {
  WakeUp wake;
  std::stop_source source;
  std::atomic<bool> ending{false};
  std::thread watcher;

  void watch() {
    ::WaitForSingleObject(wake.handle(), INFINITE);
    if (!ending) source.request_stop();
  }
};

Interrupt::Interrupt() : parts_(std::make_unique<Parts>()) {
  to_set_off = &parts_->wake;
  parts_->watcher = std::thread([parts = parts_.get()] { parts->watch(); });
  ::SetConsoleCtrlHandler(on_request, TRUE);
}

Interrupt::~Interrupt() {
  ::SetConsoleCtrlHandler(on_request, FALSE);
  to_set_off = nullptr;
  parts_->ending = true;
  parts_->wake.set_off();
  parts_->watcher.join();
}

std::stop_token Interrupt::token() const {
  return parts_->source.get_token();
}

NativeHandle Interrupt::handle() const {
  return parts_->wake.handle();
}

void Interrupt::check() const {
  if (wait_until_readable(parts_->wake.handle(), std::chrono::milliseconds{0}))
    fail(Reason::interrupted, "a stop was asked for");
}

}  // namespace koshin::cli
