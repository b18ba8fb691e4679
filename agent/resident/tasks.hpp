// SPDX-License-Identifier: MIT
// Work that waits for a child: each piece in a thread of its own that ends with it, so that an idle agent has
// but one.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <stop_token>
#include <thread>

namespace koshin::resident {

class Tasks {
 public:
  using Post = std::function<void(std::function<void()>)>;
  /// `post` runs a function in the main thread, soon; it may be called from any.
  explicit Tasks(Post post) : post_(std::move(post)) {}
  /// Asks all to stop and waits for them.
  ~Tasks();
  Tasks(const Tasks&) = delete;
  Tasks& operator=(const Tasks&) = delete;

  /// `work` ends soon after a stop request, and throws nothing. False, and nothing started, when the system
  /// has no thread to give.
  [[nodiscard]] bool start(std::function<void(std::stop_token)> work);
  void stop_all();
  bool empty() const { return threads_->empty(); }

 private:
  using Threads = std::list<std::jthread>;

  Post post_;
  /// Shared with what was posted about their ends, which may come when this is gone.
  std::shared_ptr<Threads> threads_ = std::make_shared<Threads>();
};

}  // namespace koshin::resident
