// SPDX-License-Identifier: MIT
// SIGINT, SIGTERM and SIGHUP set off a wake-up that nobody clears, so every wait for it sees it.
#include <poll.h>
#include <signal.h>  // sigaction is not in <csignal>

#include <array>
#include <atomic>
#include <cerrno>
#include <thread>

#include "cli/interrupt.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/pipe.hpp"

namespace koshin::cli {
namespace {

constexpr std::array handled{SIGINT, SIGTERM, SIGHUP};
std::atomic<const WakeUp*> to_set_off{nullptr};
static_assert(std::atomic<const WakeUp*>::is_always_lock_free);

extern "C" void on_signal(int number) {
  if (const WakeUp* const wake = to_set_off.exchange(nullptr)) return wake->set_off();
  // Asked twice: the person means it.
  (void)::signal(number, SIG_DFL);
  (void)::raise(number);
}

}  // namespace

struct Interrupt::Parts {
  WakeUp wake;
  std::array<struct sigaction, handled.size()> previous{};
  std::stop_source source;
  std::atomic<bool> ending{false};
  std::thread watcher;

  void watch() {
    pollfd entry{.fd = wake.handle(), .events = POLLIN, .revents = 0};
    while (::poll(&entry, 1, -1) < 0 && errno == EINTR) {
    }
    if (!ending) source.request_stop();
  }
};

Interrupt::Interrupt() : parts_(std::make_unique<Parts>()) {
  to_set_off = &parts_->wake;
  parts_->watcher = std::thread([parts = parts_.get()] { parts->watch(); });
  struct sigaction action = {};
  action.sa_handler = on_signal;
  for (std::size_t i = 0; i < handled.size(); ++i) ::sigaction(handled[i], &action, &parts_->previous[i]);
}

Interrupt::~Interrupt() {
  for (std::size_t i = 0; i < handled.size(); ++i) ::sigaction(handled[i], &parts_->previous[i], nullptr);
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
