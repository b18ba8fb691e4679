// SPDX-License-Identifier: MIT
// SIGINT, SIGTERM and SIGHUP.
#include <signal.h>  // sigaction is not in <csignal>

#include <array>
#include <atomic>
#include <cstdint>
#include <ctime>

#include "cli/requests_to_end.hpp"

namespace koshin::cli {
namespace {

constexpr std::array handled{SIGINT, SIGTERM, SIGHUP};
std::atomic<const WakeUp*> to_set_off{nullptr};
static_assert(std::atomic<const WakeUp*>::is_always_lock_free);
std::array<struct sigaction, handled.size()> previous{};

/// One request may come as two signals: timeout(1) signals its child and then its group, with the child in
/// it.
constexpr std::int64_t same_request_ms = 500;
std::atomic<std::int64_t> first_request_ms{0};
static_assert(std::atomic<std::int64_t>::is_always_lock_free);

/// For a signal's handler, which may call clock_gettime().
std::int64_t now_ms() {
  timespec now{};
  (void)::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

extern "C" void on_signal(int number) {
  if (const WakeUp* const wake = to_set_off.exchange(nullptr)) {
    first_request_ms = now_ms();
    return wake->set_off();
  }
  if (now_ms() - first_request_ms < same_request_ms) return;
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
