// SPDX-License-Identifier: MIT
// Lets one thread block in SCardGetStatusChange and be woken by a descriptor of ours, without a second
// thread.
//
// libpcsclite waits for its daemon in poll(2) and has no other door: a signal is retried, and SCardCancel
// must come from somewhere. So this program defines poll() itself. While a guard below is alive, a poll()
// that libpcsclite makes in this thread looks at our descriptor too; everyone else's poll() behaves as
// always. docs/agent.md says why this was chosen.
#pragma once

#include <chrono>
#include <functional>

struct pollfd;

namespace koshin::resident {

/// Bounds each wait that libpcsclite makes for its daemon's answer: a daemon that hangs then is an error, not
/// our end.
class BoundedPoll {
 public:
  explicit BoundedPoll(std::chrono::milliseconds limit);
  ~BoundedPoll();
  BoundedPoll(const BoundedPoll&) = delete;
  BoundedPoll& operator=(const BoundedPoll&) = delete;
  int wait(pollfd& descriptor, int timeout_ms) const;

 private:
  std::chrono::milliseconds limit_;
  const BoundedPoll* outer_;
};

/// When `descriptor` becomes readable during a wait, calls `cancel` once, then goes on waiting for the daemon
/// to confirm. `cancel` returns false when it could not: the wait then fails.
class InterruptiblePoll {
 public:
  InterruptiblePoll(int descriptor, std::function<bool()> cancel);
  ~InterruptiblePoll();
  InterruptiblePoll(const InterruptiblePoll&) = delete;
  InterruptiblePoll& operator=(const InterruptiblePoll&) = delete;
  bool interrupted() const { return interrupted_; }
  int wait(pollfd& descriptor, int timeout_ms);

 private:
  int cancel_until_confirmed(pollfd& descriptor);

  int descriptor_;
  std::function<bool()> cancel_;
  bool interrupted_ = false;
};

/// Whether libpcsclite really calls our poll(); known after its first exchange with the daemon.
bool poll_is_ours();

}  // namespace koshin::resident
