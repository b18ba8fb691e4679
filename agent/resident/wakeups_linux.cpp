// SPDX-License-Identifier: MIT
// The epoll descriptor and what hangs on it.
#include "resident/wakeups_linux.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace koshin::resident {
namespace {

int made(int descriptor, const char* call) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), call);
  return descriptor;
}

}  // namespace

Wakeups::Wakeups()
    : epoll_(made(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      posted_signal_(made(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
  watch(posted_signal_.get(), EPOLLIN, [this] { run_posted(); });
}

void Wakeups::watch(int descriptor, std::uint32_t events, Handler handler) {
  epoll_event event{};
  event.events = events;
  event.data.fd = descriptor;
  const int operation = handlers_.contains(descriptor) ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
  made(epoll_ctl(epoll_.get(), operation, descriptor, &event), "epoll_ctl");
  handlers_[descriptor] = std::move(handler);
}

void Wakeups::unwatch(int descriptor) {
  if (handlers_.erase(descriptor) != 0) epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, descriptor, nullptr);
}

void Wakeups::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    posted_.push_back(std::move(task));
  }
  eventfd_write(posted_signal_.get(), 1);
}

void Wakeups::run_posted() {
  eventfd_t ignored = 0;
  eventfd_read(posted_signal_.get(), &ignored);
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(posted_);
  }
  for (const auto& task : tasks) task();
}

void Wakeups::dispatch() {
  std::array<epoll_event, 8> ready{};
  const int count = epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), 0);
  for (int i = 0; i < count; ++i) {
    // A handler may have removed one that is still in this list.
    const auto found = handlers_.find(ready[static_cast<std::size_t>(i)].data.fd);
    if (found == handlers_.end()) continue;
    const Handler handler = found->second;
    handler();
  }
}

}  // namespace koshin::resident
