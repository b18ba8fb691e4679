// SPDX-License-Identifier: MIT
// A child with pipes: every wait is a poll() with a deadline over its pipes and its end.
#include <poll.h>
#include <signal.h>  // kill is not in <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <utility>

#include "foundation/failures/failure.hpp"
#include "foundation/system/bounded_file.hpp"
#include "foundation/system/child_lines.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/child_spawn_posix.hpp"
#include "foundation/system/process_calls_posix.hpp"
#include "foundation/system/process_end_posix.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/sigpipe_posix.hpp"

namespace koshin {
namespace {

using Clock = std::chrono::steady_clock;

/// Milliseconds for poll(), rounded up, so that a wait is never shorter than asked for.
int milliseconds_until(Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 1000LL * 3600));
}

/// Until one of the descriptors is ready. False when the time is over.
bool wait_for(std::span<pollfd> descriptors, Clock::time_point until) {
  while (true) {
    const int ready = poll(descriptors.data(), descriptors.size(), milliseconds_until(until));
    if (ready > 0) return true;
    if (ready == 0 && Clock::now() >= until) return false;
    if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
  }
}

class PosixChild final : public ChildProcess {
 public:
  PosixChild(SpawnedChild child, const ChildOptions& options)
      : child_(std::move(child)), own_group_(options.own_group), whole_tree_(options.whole_tree) {}

  ~PosixChild() override {
    if (abandoned_) return;
    PosixChild::kill();
    reap();
  }

  void write(std::span<const char> bytes) override {
    const std::scoped_lock lock(input_mutex_);
    const auto until = Clock::now() + write_limit;
    while (!bytes.empty()) {
      const auto [count, error] = write_once(bytes);
      if (count > 0) {
        bytes = bytes.subspan(static_cast<std::size_t>(count));
      } else if (error == EAGAIN) {
        std::array<pollfd, 1> wait{{{child_.to_child.get(), POLLOUT, 0}}};
        if (!wait_for(wait, until))
          fail(Reason::worker_failed, "process " + std::to_string(child_.pid) + " does not read its input");
      } else if (error != EINTR) {
        fail(Reason::worker_failed, "cannot write to process " + std::to_string(child_.pid) + ": " +
                                        std::generic_category().message(error));
      }
    }
  }

  void close_stdin() override {
    const std::scoped_lock lock(input_mutex_);
    child_.to_child.close();
  }

  Read read_line(std::string& line, Clock::time_point until, std::size_t max_line) override {
    return read_line_of(*this, lines_, line, until, max_line);
  }

  Read read_some(std::span<char> into, std::size_t& count, Clock::time_point until) override {
    count = 0;
    bool gone = false;
    while (child_.from_child) {
      const ssize_t got = ::read(child_.from_child.get(), into.data(), into.size());
      if (got > 0) {
        count = static_cast<std::size_t>(got);
        return Read::line;
      }
      if (got < 0 && errno == EINTR) continue;
      // Gone and nothing left in the pipe: a grandchild that holds its other end is not waited for.
      if (got == 0 || errno != EAGAIN || gone) break;
      std::array<pollfd, 2> wait{{{child_.from_child.get(), POLLIN, 0}, {child_.end.get(), POLLIN, 0}}};
      if (!wait_for(wait, until)) return Read::timeout;
      gone = wait[1].revents != 0;
    }
    child_.from_child.close();
    return Read::end;
  }

  std::optional<ExitStatus> wait_until(Clock::time_point until) override {
    if (!status_) {
      std::array<pollfd, 1> wait{{{child_.end.get(), POLLIN, 0}}};
      if (!wait_for(wait, until)) return std::nullopt;
      if (own_group_) end_what_is_left();
      reap();
    }
    return status_;
  }

  void terminate() noexcept override {
    const std::scoped_lock lock(mutex_);
    if (!status_) send_signal(child_.end, child_.pid, SIGTERM);
  }

  void kill() noexcept override {
    const std::scoped_lock lock(mutex_);
    if (status_) return;  // reaped: its number may be another's by now
    if (whole_tree_) {
      send_signal(child_.end, child_.pid, SIGSTOP);  // it starts nothing meanwhile
      process_tree::end_descendants_of(child_.pid);
    }
    if (own_group_) (void)::kill(-child_.pid, SIGKILL);
    send_signal(child_.end, child_.pid, SIGKILL);
  }

  void abandon() noexcept override { abandoned_ = true; }

  long pid() const override { return child_.pid; }

  std::string errors() const override {
    if (!child_.errors) return {};
    std::string text(max_errors, '\0');
    text.resize(read_bounded_file(child_.errors.get(), text).size());
    while (text.ends_with('\n')) text.pop_back();
    return printable(text);
  }

 private:
  struct Written {
    ssize_t count;
    int error;
  };
  Written write_once(std::span<const char> bytes) const {
    if (!child_.to_child) return {-1, EPIPE};
    const WithoutSigpipe guard;
    const ssize_t count = ::write(child_.to_child.get(), bytes.data(), bytes.size());
    return {count, count < 0 ? errno : 0};
  }

  void end_what_is_left() {
    const std::scoped_lock lock(mutex_);
    if (!status_) end_what_is_left_of(child_.pid);  // its number is its own until it is reaped
  }

  void reap() {
    const std::scoped_lock lock(mutex_);
    if (status_) return;
    int raw = 0;
    pid_t result = 0;
    do {
      result = waitpid(child_.pid, &raw, 0);
    } while (result < 0 && errno == EINTR);
    if (result == child_.pid) {
      status_ = WIFSIGNALED(raw) ? ExitStatus{true, WTERMSIG(raw)} : ExitStatus{false, WEXITSTATUS(raw)};
    } else {
      status_ = ExitStatus{};  // ECHILD: somebody else in this process has reaped it
    }
  }

  SpawnedChild child_;
  bool own_group_, whole_tree_, abandoned_ = false;
  LineBuffer lines_;
  std::mutex input_mutex_;
  std::mutex mutex_;  // over status_: kill() may come from another thread than wait_until()
  std::optional<ExitStatus> status_;
};

}  // namespace

std::unique_ptr<ChildProcess> ChildProcess::start(const std::filesystem::path& program,
                                                  const std::vector<std::string>& arguments,
                                                  const ChildOptions& options) {
  return std::make_unique<PosixChild>(spawn_child(program, arguments, options), options);
}

}  // namespace koshin
