// SPDX-License-Identifier: MIT
// POSIX has no file in memory that cannot grow, so it is a pipe, which a thread of this process, or whoever
// reads the file, empties into memory of that size. What comes afterwards is thrown away, while Linux refuses
// it to whoever writes; and what is written after this process has ended is refused.
#include "foundation/system/bounded_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "foundation/system/blocked_signals_posix.hpp"
#include "foundation/system/detached_thread.hpp"
#include "foundation/system/pipe.hpp"

namespace koshin {
namespace {

/// One of the two that empty a pipe waits for the other so long, and then goes on without.
constexpr int most_tries = 1000;
constexpr long pause_between_tries_ns = 1'000'000;
/// More than a pipe holds: somebody may write without end meanwhile.
constexpr int most_reads = 1024;

/// Allocates nothing once it is made.
class Drain {
 public:
  Drain(Handle pipe, std::size_t size) : pipe_(std::move(pipe)), kept_(size) {
    ::fcntl(pipe_.get(), F_SETFL, O_NONBLOCK);
  }
  ~Drain() {
    volatile char* const kept = kept_.data();  // it may hold what a module should not have printed
    for (std::size_t i = 0; i < kept_.size(); ++i) kept[i] = '\0';
  }
  Drain(const Drain&) = delete;
  Drain& operator=(const Drain&) = delete;

  /// Until nobody holds the pipe's other end any more.
  void run() {
    while (true) {
      pollfd waiting{pipe_.get(), POLLIN, 0};
      if (::poll(&waiting, 1, -1) <= 0 || !lock()) continue;
      const bool last = take() == Took::the_last;
      taking_.clear();
      if (last) return;
    }
  }
  std::string_view read(std::span<char> into) {
    const bool locked = lock();
    if (locked) (void)take();
    const std::size_t size = std::min(size_.load(), into.size());
    std::copy_n(kept_.data(), size, into.data());
    if (locked) taking_.clear();
    return {into.data(), size};
  }

 private:
  enum class Took { all_for_now, the_last };

  Took take() {
    std::array<char, 4096> beyond{};
    ssize_t count = 1;
    for (int i = 0; i < most_reads && (count > 0 || (count < 0 && errno == EINTR)); ++i) {
      const std::size_t size = size_.load();
      const std::span<char> left = std::span(kept_).subspan(size);
      const std::span<char> into = left.empty() ? std::span<char>(beyond) : left;
      count = ::read(pipe_.get(), into.data(), into.size());
      if (count > 0 && !left.empty()) size_ = size + static_cast<std::size_t>(count);
    }
    return count == 0 ? Took::the_last : Took::all_for_now;
  }
  /// False when somebody else has it all the time, as a thread that has crashed with it.
  bool lock() {
    for (int i = 0; i < most_tries; ++i) {
      if (!taking_.test_and_set()) return true;
      const timespec pause{0, pause_between_tries_ns};
      (void)::nanosleep(&pause, nullptr);
    }
    return false;
  }

  Handle pipe_;
  std::vector<char> kept_;
  std::atomic<std::size_t> size_{0};
  std::atomic_flag taking_;
};

/// For each file whose pipe is open: what make_bounded_file() has given out, and its drain, which lives as
/// long as that is open. Written by the thread that makes or empties it.
/// Places are used again and never taken away: a signal handler goes through them.
struct Place {
  std::atomic<NativeHandle> file{no_handle};
  std::atomic<Drain*> drain{nullptr};
  Place* next = nullptr;
};
std::atomic<Place*> first_place{nullptr};

template <typename See>
void each_place(const See& see) {
  for (Place* place = first_place.load(); place != nullptr; place = place->next) see(*place);
}

void add_place(NativeHandle file, Drain* drain) {
  auto made = std::make_unique<Place>();
  made->drain = drain;
  made->file = file;
  made->next = first_place.load();
  Place* const place = made.release();
  while (!first_place.compare_exchange_weak(place->next, place)) {
  }
}

void add(NativeHandle file, Drain* drain) {
  // A child may hold the pipe of a file that this process has closed, and whose number is another's now.
  each_place([&](Place& other) {
    NativeHandle old = file;
    (void)other.file.compare_exchange_strong(old, no_handle);
  });
  bool added = false;
  each_place([&](Place& place) {
    Drain* none = nullptr;
    if (added || !place.drain.compare_exchange_strong(none, drain)) return;
    place.file = file;
    added = true;
  });
  if (!added) add_place(file, drain);
}

void remove(const Drain* drain) {
  each_place([&](Place& place) {
    if (place.drain.load() != drain) return;
    place.file = no_handle;
    place.drain = nullptr;
  });
}

Drain* find(NativeHandle file) noexcept {
  Drain* found = nullptr;
  each_place([&](const Place& place) {
    if (found == nullptr && place.file.load() == file) found = place.drain.load();
  });
  return found;
}

}  // namespace

Handle make_bounded_file(std::size_t size) {
  Pipe pipe = Pipe::make();
  auto drain = std::make_shared<Drain>(std::move(pipe.reading), size);
  add(pipe.writing.get(), drain.get());
  try {
    const BlockedSignals blocked;
    start_detached_thread([drain] {
      drain->run();
      remove(drain.get());
    });
  } catch (...) {
    remove(drain.get());
    throw;
  }
  return std::move(pipe.writing);
}

std::string_view read_bounded_file(NativeHandle file, std::span<char> into) noexcept {
  Drain* const drain = file == no_handle ? nullptr : find(file);
  return drain == nullptr ? std::string_view() : drain->read(into);
}

}  // namespace koshin
