// SPDX-License-Identifier: MIT
// Everything but the readers that can wake the agent, gathered in one epoll descriptor: signals, the alarm,
// what other threads hand over, the session bus.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "foundation/system/child_spawn_linux.hpp"

namespace koshin::resident {

class Wakeups {
 public:
  using Handler = std::function<void()>;
  Wakeups();

  /// Readable when dispatch() has something to do.
  int descriptor() const { return epoll_.get(); }
  /// `events` as of epoll(7). Adding a descriptor anew changes both.
  void watch(int descriptor, std::uint32_t events, Handler handler);
  void unwatch(int descriptor);
  /// Runs `task` in the next dispatch(). From any thread.
  void post(std::function<void()> task);
  /// Runs what is ready, without waiting.
  void dispatch();

 private:
  void run_posted();

  Descriptor epoll_, posted_signal_;
  std::map<int, Handler> handlers_;
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
};

}  // namespace koshin::resident
