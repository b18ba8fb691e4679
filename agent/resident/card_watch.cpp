// SPDX-License-Identifier: MIT
// The thread that waits for the readers, and its end.
#include "resident/card_watch.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "foundation/log/log.hpp"
#include "foundation/system/detached_thread.hpp"

namespace koshin::resident {

/// What the watch, its thread, and the thread that ends it have in common. It lives as long as the last of
/// them.
class CardWatch::Shared : public std::enable_shared_from_this<Shared> {
 public:
  Shared(EventLoop& loop, std::unique_ptr<ReaderService> service, Listener listener)
      : loop_(&loop), listener_(std::move(listener)), service_(std::move(service)) {}

  /// In a thread of its own.
  void follow() noexcept {
    try {
      while (auto snapshot = service_->wait()) tell(std::move(*snapshot));
    } catch (const std::exception& error) {  // the thread has nobody above it
      log::error(log::Event::none, "The card readers cannot be watched any more.",
                 {{"KOSHIN_DETAIL", error.what()}});
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    has_ended_.notify_all();
  }

  /// In a thread of its own, which hangs as long as the service does: cancels until the wait is over.
  void cancel_until_ended() noexcept {
    std::chrono::milliseconds pause{5};
    constexpr std::chrono::milliseconds longest_pause{2560};
    std::unique_lock lock(mutex_);
    while (!ended_) {
      lock.unlock();
      service_->cancel();
      lock.lock();
      has_ended_.wait_for(lock, pause, [this] { return ended_; });
      pause = std::min(2 * pause, longest_pause);
    }
  }

  /// Nothing more is told from here on.
  void tell_nobody() {
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
  }

  bool wait_for_end(std::chrono::seconds limit) {
    std::unique_lock lock(mutex_);
    return has_ended_.wait_for(lock, limit, [this] { return ended_; });
  }

 private:
  void tell(ReaderService::Snapshot snapshot) {
    const std::lock_guard lock(mutex_);
    if (loop_ == nullptr) return;
    const bool posted = untold_.has_value();
    if (posted) snapshot.restarted |= untold_->restarted;
    untold_ = std::move(snapshot);
    if (!posted) loop_->post([weak = weak_from_this()] { deliver(weak); });
  }

  static void deliver(const std::weak_ptr<Shared>& weak) {
    const auto shared = weak.lock();
    if (!shared) return;
    std::optional<ReaderService::Snapshot> snapshot;
    {
      const std::lock_guard lock(shared->mutex_);
      if (shared->loop_ != nullptr) snapshot = std::exchange(shared->untold_, std::nullopt);
    }
    if (snapshot) shared->listener_(*snapshot);
  }

  std::mutex mutex_;  // over loop_, untold_ and ended_
  EventLoop* loop_;
  std::optional<ReaderService::Snapshot> untold_;
  bool ended_ = false;
  std::condition_variable has_ended_;
  const Listener listener_;
  const std::unique_ptr<ReaderService> service_;
};

CardWatch::CardWatch(EventLoop& loop, std::unique_ptr<ReaderService> service, Listener listener)
    : shared_(std::make_shared<Shared>(loop, std::move(service), std::move(listener))) {
  start_detached_thread([shared = shared_] { shared->follow(); });
}

CardWatch::~CardWatch() {
  shared_->tell_nobody();
  try {
    start_detached_thread([shared = shared_] { shared->cancel_until_ended(); });
    if (shared_->wait_for_end(longest_end)) return;
    log::debug("The smart card service does not answer; nobody waits for it any more.");
  } catch (const std::system_error& error) {
    log::debug("The wait for the card readers is left to the system.", {{"KOSHIN_DETAIL", error.what()}});
  }
}

}  // namespace koshin::resident
