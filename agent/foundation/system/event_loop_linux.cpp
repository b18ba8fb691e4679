// SPDX-License-Identifier: MIT
// The loop on epoll(7).
#include "foundation/system/event_loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <map>
#include <mutex>
#include <system_error>
#include <vector>

namespace koshin {
namespace {

Handle made(int descriptor, const char* call) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), call);
  return Handle(descriptor);
}

}  // namespace

struct EventLoop::Parts {
  Handle epoll = made(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  Handle posted_signal = made(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
  std::map<int, Task> watched;
  bool stopped = false;
  std::mutex mutex;  // over posted
  std::vector<Task> posted;

  void run_posted() {
    eventfd_t ignored = 0;
    ::eventfd_read(posted_signal.get(), &ignored);
    std::vector<Task> tasks;
    {
      const std::lock_guard lock(mutex);
      tasks.swap(posted);
    }
    for (const Task& task : tasks) task();
  }

  void add(int descriptor) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, descriptor, &event) != 0)
      throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
};

EventLoop::EventLoop() : parts_(std::make_unique<Parts>()) {
  parts_->add(parts_->posted_signal.get());
  parts_->watched[parts_->posted_signal.get()] = [this] { parts_->run_posted(); };
}

EventLoop::~EventLoop() = default;

EventLoop::Watch EventLoop::on(NativeHandle handle, Task ready) {
  parts_->add(handle);
  parts_->watched[handle] = std::move(ready);
  return {*this, handle};
}

void EventLoop::forget(NativeHandle handle) noexcept {
  if (parts_->watched.erase(handle) != 0) ::epoll_ctl(parts_->epoll.get(), EPOLL_CTL_DEL, handle, nullptr);
}

void EventLoop::post(Task task) {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->posted.push_back(std::move(task));
  }
  ::eventfd_write(parts_->posted_signal.get(), 1);
}

void EventLoop::run(const Task& before_wait) {
  const auto goes_on = [this] { return !parts_->stopped; };  // a task or before_wait() may stop the loop
  while (goes_on()) {
    before_wait();
    if (goes_on()) run_once();
  }
  parts_->stopped = false;
}

void EventLoop::run_once() {
  std::array<epoll_event, 8> ready{};
  const int count = ::epoll_wait(parts_->epoll.get(), ready.data(), static_cast<int>(ready.size()), -1);
  for (int i = 0; i < count; ++i) {
    // A handler may have ended the watch of one that is still in this list.
    const auto found = parts_->watched.find(ready[static_cast<std::size_t>(i)].data.fd);
    if (found == parts_->watched.end()) continue;
    const Task task = found->second;
    task();
  }
}

void EventLoop::stop() noexcept {
  parts_->stopped = true;
}

}  // namespace koshin
