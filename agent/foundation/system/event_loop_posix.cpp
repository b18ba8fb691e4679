// SPDX-License-Identifier: MIT
// The loop on poll(2).
#include "foundation/system/event_loop.hpp"

#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <system_error>
#include <vector>

#include "foundation/system/pipe.hpp"

namespace koshin {

struct EventLoop::Parts {
  WakeUp posted_signal;
  std::map<int, std::shared_ptr<const Task>> watched;
  bool stopped = false;
  std::mutex mutex;  // over posted
  std::vector<Task> posted;

  void run_posted() {
    posted_signal.clear();
    std::vector<Task> tasks;
    {
      const std::lock_guard lock(mutex);
      tasks.swap(posted);
    }
    for (const Task& task : tasks) task();
  }

  void add(int descriptor, Task ready) {
    if (::fcntl(descriptor, F_GETFD) < 0) throw std::system_error(errno, std::generic_category(), "fcntl");
    if (!watched.emplace(descriptor, std::make_shared<const Task>(std::move(ready))).second)
      throw std::system_error(EEXIST, std::generic_category(), "EventLoop::on");
  }

  /// Waits for what is watched.
  std::vector<pollfd> wait() const {
    std::vector<pollfd> descriptors;
    descriptors.reserve(watched.size());
    for (const auto& [descriptor, task] : watched) descriptors.push_back({descriptor, POLLIN, 0});
    if (::poll(descriptors.data(), static_cast<nfds_t>(descriptors.size()), -1) < 0)
      return {};  // by a signal
    return descriptors;
  }
};

EventLoop::EventLoop() : parts_(std::make_unique<Parts>()) {
  parts_->add(parts_->posted_signal.handle(), [this] { parts_->run_posted(); });
}

EventLoop::~EventLoop() = default;

EventLoop::Watch EventLoop::on(NativeHandle handle, Task ready) {
  parts_->add(handle, std::move(ready));
  return {*this, handle};
}

void EventLoop::forget(NativeHandle handle) noexcept {
  parts_->watched.erase(handle);
}

void EventLoop::post(Task task) {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->posted.push_back(std::move(task));
  }
  parts_->posted_signal.set_off();
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
  // What is called may end the watch of a handle that is still in this list, and begin one of another handle
  // with the same number.
  std::vector<std::pair<int, std::weak_ptr<const Task>>> ready;
  for (const pollfd& one : parts_->wait()) {
    if ((one.revents & POLLNVAL) != 0) parts_->watched.erase(one.fd);  // closed: it would be ready for ever
    if ((one.revents & (POLLIN | POLLHUP | POLLERR)) != 0)
      ready.emplace_back(one.fd, parts_->watched.at(one.fd));
  }
  for (const auto& [descriptor, task] : ready) {
    const auto found = parts_->watched.find(descriptor);
    if (found == parts_->watched.end()) continue;
    const std::shared_ptr<const Task> own = task.lock();  // it may end its own watch
    if (own == found->second) (*own)();
  }
}

void EventLoop::stop() noexcept {
  parts_->stopped = true;
}

}  // namespace koshin
