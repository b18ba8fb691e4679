// SPDX-License-Identifier: MIT
// Watches the readers of this machine, in a thread that does nothing but wait for them.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "foundation/system/event_loop.hpp"
#include "resident/reader_service.hpp"

namespace koshin::resident {

class CardWatch {
 public:
  using Listener = std::function<void(const ReaderService::Snapshot&)>;
  /// How long the end waits for a service that does not answer. What waits for that service is left to the
  /// system then: it holds nothing but its connection.
  static constexpr std::chrono::seconds longest_end{2};

  /// `listener` is called in the loop, which outlives this, with how things stand by then: what happened
  /// meanwhile is told at once. Throws std::system_error when the system has no thread to give.
  CardWatch(EventLoop& loop, std::unique_ptr<ReaderService> service, Listener listener);
  /// Ends the wait.
  ~CardWatch();
  CardWatch(const CardWatch&) = delete;
  CardWatch& operator=(const CardWatch&) = delete;

 private:
  class Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace koshin::resident
