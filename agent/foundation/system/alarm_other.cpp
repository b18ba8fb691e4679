// SPDX-License-Identifier: MIT
// The alarm by a thread, which waits for the time and writes into a pipe. Nothing in POSIX tells that the
// clock was set or that the machine woke: the thread looks once a minute whether the clock has gone on as
// that of the machine has. That is a wake-up a minute, also of a program that is idle.
#include "foundation/system/alarm.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "foundation/system/blocked_signals_posix.hpp"
#include "foundation/system/detached_thread.hpp"
#include "foundation/system/pipe.hpp"

namespace koshin {
namespace {

using Steady = std::chrono::steady_clock;
using System = std::chrono::system_clock;

constexpr std::chrono::minutes between_looks{1};
/// Clocks that are kept right step by step (NTP) do not jump.
constexpr std::chrono::seconds counts_as_jump{1};
/// How late the thread may run on a machine that is busy, and has not been asleep.
constexpr std::chrono::seconds counts_as_busy{10};

/// What the alarm and its thread share.
class Clockwork {
 public:
  /// Non-blocking: ready when the alarm rings.
  Handle take_reading_end() { return std::move(pipe_.reading); }

  /// A ring for the time before is taken back; a jump is not.
  void set(NativeHandle reading, std::optional<TimePoint> at) {
    const std::lock_guard lock(mutex_);
    at_ = at;
    if (!jumped_) empty(reading);
    changed_.set_off();
  }

  struct Ring {
    bool rung = false, jumped = false;
  };
  Ring take(NativeHandle reading) {
    const std::lock_guard lock(mutex_);
    return {.rung = empty(reading), .jumped = std::exchange(jumped_, false)};
  }

  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.set_off();
  }

  /// For a while and not until a time: a condition variable's wait for a time of the steady clock is one for
  /// a time of the system's clock in some C++ libraries, which a set clock makes longer.
  void run() {
    while (true) {
      pollfd changed{changed_.handle(), POLLIN, 0};
      (void)::poll(&changed, 1, milliseconds_to_next_look());
      changed_.clear();
      const std::lock_guard lock(mutex_);
      if (ended_) return;
      look();
    }
  }

 private:
  static TimePoint seconds_of(System::time_point time) {
    return std::chrono::floor<std::chrono::seconds>(time);
  }
  int milliseconds_to_next_look() {
    const std::lock_guard lock(mutex_);
    until_ = steady_ + until_next_look(system_);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until_ - Steady::now()).count();
    return static_cast<int>(std::max<long long>(left, 0));
  }
  void look() {
    const auto system = System::now();
    const auto steady = Steady::now();
    const auto apart = (system - system_) - (steady - steady_);
    system_ = system;
    steady_ = steady;
    if (apart >= counts_as_jump || apart <= -counts_as_jump || steady - until_ >= counts_as_busy) {
      jumped_ = true;
      ring();
    } else if (at_ && *at_ <= seconds_of(system)) {
      ring();
      at_.reset();
    }
  }
  System::duration until_next_look(System::time_point now) const {
    // Of what is near alone: a time of the calendar may be too far away for nanoseconds.
    if (!at_ || *at_ - seconds_of(now) > between_looks) return between_looks;
    return std::max(*at_, seconds_of(now)) - now;
  }
  void ring() const { [[maybe_unused]] const auto written = ::write(pipe_.writing.get(), "x", 1); }
  static bool empty(NativeHandle reading) {
    std::array<char, 64> ignored{};
    bool any = false;
    while (::read(reading, ignored.data(), ignored.size()) > 0) any = true;
    return any;
  }

  Pipe pipe_ = [] {
    Pipe made = Pipe::make();
    for (const Handle* const end : {&made.reading, &made.writing}) ::fcntl(end->get(), F_SETFL, O_NONBLOCK);
    return made;
  }();
  WakeUp changed_;
  std::mutex mutex_;                           // over what follows
  System::time_point system_ = System::now();  // when last looked
  Steady::time_point steady_ = Steady::now();
  Steady::time_point until_ = steady_;
  std::optional<TimePoint> at_;
  bool jumped_ = false, ended_ = false;
};

/// The alarm's own: the thread ends with it.
struct Notices {
  std::shared_ptr<Clockwork> clockwork = std::make_shared<Clockwork>();
  Notices() {
    const BlockedSignals blocked;
    start_detached_thread([own = clockwork] { own->run(); });
  }
  ~Notices() { clockwork->end(); }
  Notices(const Notices&) = delete;
  Notices& operator=(const Notices&) = delete;
};

Clockwork& clockwork_of(const std::shared_ptr<void>& notices) {
  return *std::static_pointer_cast<Notices>(notices)->clockwork;
}

}  // namespace

Alarm::Alarm(EventLoop& loop, std::function<void(Why)> ring, std::function<std::chrono::nanoseconds()> asleep)
    : ring_(std::move(ring)),
      asleep_(std::move(asleep)),
      slept_(asleep_()),
      notices_(std::make_shared<Notices>()) {
  timer_ = clockwork_of(notices_).take_reading_end();
  watch_ = loop.on(timer_.get(), [this] { ready(); });
  arm();
}

void Alarm::arm() {
  clockwork_of(notices_).set(timer_.get(), at_);
}

void Alarm::ready() {
  const auto ring = clockwork_of(notices_).take(timer_.get());
  jumped_ = jumped_ || ring.jumped;
  if (ring.rung || ring.jumped) tell();
}

}  // namespace koshin
