// SPDX-License-Identifier: MIT
// poll() as libpcsclite finds it in this program.
#include "resident/interruptible_poll_linux.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

namespace koshin::resident {
namespace {

thread_local const BoundedPoll* bounded = nullptr;
thread_local InterruptiblePoll* interruptible = nullptr;
thread_local bool seen = false;

// ppoll is what the C library's poll() would do, under a name that is not ours.
int plain_poll(pollfd* descriptors, nfds_t count, int timeout_ms) {
  timespec limit{};
  if (timeout_ms >= 0) {
    limit.tv_sec = timeout_ms / 1000;
    limit.tv_nsec = timeout_ms % 1000 * 1'000'000L;
  }
  return ppoll(descriptors, count, timeout_ms < 0 ? nullptr : &limit, nullptr);
}

}  // namespace

BoundedPoll::BoundedPoll(std::chrono::milliseconds limit)
    : limit_(limit), outer_(std::exchange(bounded, this)) {}
BoundedPoll::~BoundedPoll() {
  bounded = outer_;
}

int BoundedPoll::wait(pollfd& descriptor, int timeout_ms) const {
  const int limit = static_cast<int>(limit_.count());
  const int shortened = timeout_ms < 0 ? limit : std::min(timeout_ms, limit);
  const int result = plain_poll(&descriptor, 1, shortened);
  if (result != 0 || shortened == timeout_ms) return result;
  errno = ETIMEDOUT;
  return -1;
}

InterruptiblePoll::InterruptiblePoll(int descriptor, std::function<bool()> cancel)
    : descriptor_(descriptor), cancel_(std::move(cancel)) {
  interruptible = this;
}
InterruptiblePoll::~InterruptiblePoll() {
  interruptible = nullptr;
}

int InterruptiblePoll::wait(pollfd& descriptor, int timeout_ms) {
  if (!interrupted_) {
    pollfd both[2] = {descriptor, {descriptor_, POLLIN, 0}};
    const int result = plain_poll(both, 2, timeout_ms);
    descriptor.revents = both[0].revents;
    if (result <= 0 || descriptor.revents != 0) return std::min(result, 1);
    interrupted_ = true;
  }
  return cancel_until_confirmed(descriptor);
}

// The daemon serves each connection in a thread of its own: a cancellation that overtakes the wait it is
// meant for finds nothing to cancel, and is repeated.
int InterruptiblePoll::cancel_until_confirmed(pollfd& descriptor) {
  constexpr int longest_pause_ms = 2560;
  for (int pause_ms = 5; pause_ms <= longest_pause_ms; pause_ms *= 2) {
    interruptible = nullptr;
    const bool cancelled = cancel_();
    interruptible = this;
    if (!cancelled) break;
    const int result = plain_poll(&descriptor, 1, pause_ms);
    if (result != 0) return result;
  }
  errno = ECONNABORTED;
  return -1;
}

bool poll_is_ours() {
  return seen;
}

}  // namespace koshin::resident

// Declared under another name, because <poll.h> may define poll() as an inline function of its own
// (_FORTIFY_SOURCE).
extern "C" __attribute__((visibility("default"))) int koshin_poll(pollfd* descriptors, nfds_t count,
                                                                  int timeout_ms) __asm__("poll");

int koshin_poll(pollfd* descriptors, nfds_t count, int timeout_ms) {
  using namespace koshin::resident;
  if (count == 1 && interruptible != nullptr) return interruptible->wait(*descriptors, timeout_ms);
  if (count == 1 && bounded != nullptr) {
    seen = true;
    return bounded->wait(*descriptors, timeout_ms);
  }
  return plain_poll(descriptors, count, timeout_ms);
}
