// SPDX-License-Identifier: MIT
// SIGINT, SIGTERM and SIGHUP.
#include <signal.h>  // sigaction is not in <csignal>

#include <array>
#include <atomic>

#include "cli/requests_to_end.hpp"

namespace koshin::cli {
namespace {

constexpr std::array handled{SIGINT, SIGTERM, SIGHUP};
std::atomic<const WakeUp*> to_set_off{nullptr};
static_assert(std::atomic<const WakeUp*>::is_always_lock_free);
std::array<struct sigaction, handled.size()> previous{};

extern "C" void on_signal(int number) {
  if (const WakeUp* const wake = to_set_off.exchange(nullptr)) return wake->set_off();
  // Asked twice: the person means it.
  (void)::signal(number, SIG_DFL);
  (void)::raise(number);
}

}  // namespace

RequestsToEnd::RequestsToEnd(const WakeUp& wake) {
  to_set_off = &wake;
  struct sigaction action = {};
  action.sa_handler = on_signal;
  for (std::size_t i = 0; i < handled.size(); ++i) ::sigaction(handled[i], &action, &previous[i]);
}

RequestsToEnd::~RequestsToEnd() {
  for (std::size_t i = 0; i < handled.size(); ++i) ::sigaction(handled[i], &previous[i], nullptr);
  to_set_off = nullptr;
}

}  // namespace koshin::cli
