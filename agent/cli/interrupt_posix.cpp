// SPDX-License-Identifier: MIT
// Signals through a self-pipe: the handler writes one byte that is never read, so every wait on the pipe is
// woken.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <thread>

#include "cli/interrupt.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::cli {
namespace {

constexpr std::array handled{SIGINT, SIGTERM, SIGHUP};
std::atomic<int> wake_descriptor{-1};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void on_signal(int number) {
  const int saved = errno;
  const int descriptor = wake_descriptor.exchange(-1);
  if (descriptor >= 0) {
    [[maybe_unused]] const auto written = ::write(descriptor, "x", 1);
  } else {  // second request
    std::signal(number, SIG_DFL);
    std::raise(number);
  }
  errno = saved;
}

}  // namespace

struct Interrupt::Parts {
  std::array<int, 2> pipe{-1, -1};
  std::array<struct sigaction, handled.size()> previous{};
  std::stop_source source;
  std::atomic<bool> ending{false};
  std::thread watcher;

  void watch() {
    pollfd entry{.fd = pipe[0], .events = POLLIN, .revents = 0};
    while (::poll(&entry, 1, -1) < 0 && errno == EINTR) {
    }
    if (!ending) source.request_stop();
  }
};

Interrupt::Interrupt() : parts_(std::make_unique<Parts>()) {
  if (::pipe2(parts_->pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe2");
  wake_descriptor = parts_->pipe[1];
  parts_->watcher = std::thread([parts = parts_.get()] { parts->watch(); });
  struct sigaction action = {};
  action.sa_handler = on_signal;
  for (std::size_t i = 0; i < handled.size(); ++i) sigaction(handled[i], &action, &parts_->previous[i]);
}

Interrupt::~Interrupt() {
  for (std::size_t i = 0; i < handled.size(); ++i) sigaction(handled[i], &parts_->previous[i], nullptr);
  wake_descriptor = -1;
  parts_->ending = true;
  [[maybe_unused]] const auto written = ::write(parts_->pipe[1], "x", 1);
  parts_->watcher.join();
  ::close(parts_->pipe[0]);
  ::close(parts_->pipe[1]);
}

std::stop_token Interrupt::token() const {
  return parts_->source.get_token();
}

int Interrupt::descriptor() const {
  return parts_->pipe[0];
}

void Interrupt::check() const {
  pollfd entry{.fd = parts_->pipe[0], .events = POLLIN, .revents = 0};
  if (::poll(&entry, 1, 0) > 0) fail(Reason::interrupted, "a stop was asked for");
}

}  // namespace koshin::cli
