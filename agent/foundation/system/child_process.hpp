// SPDX-License-Identifier: MIT
// A child with pipes on stdin and stdout, bounded in time and output. Portable; the system's part is in
// child_process_posix.cpp and child_process_windows.cpp.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace koshin {

struct ExitStatus {
  bool crashed = false;  ///< it crashed, or was ended from outside
  int code = 0;          ///< its exit code, or the system's number for how it ended
};

struct ChildOptions {
  /// true: the child leads a process group of its own, so that a Ctrl-C meant for the parent does not cut it
  /// off, and kill() reaches what it has started. false: it stays in the parent's group, as a child must that
  /// talks to the terminal. Where the group is all by which the system shows what belongs together, a child
  /// of a process that has called process_tree::adopt_orphans(), and that koshin has started, stays in that
  /// one's group all the same: whoever ends the parent ends it too.
  bool own_group = true;
  /// true: what the child writes to stderr is kept, up to ChildProcess::max_errors bytes, instead of passed
  /// on.
  bool keep_errors = false;
  /// true: kill() also ends what the child has started and what has left its group and session since. For a
  /// child that has called process_tree::adopt_orphans() and loads what may do so.
  bool whole_tree = false;
  /// true: stderr goes where stdout goes, so that one pipe has both in their order.
  bool errors_with_output = false;
  /// "NAME=value" each, in place of this process's environment. Empty optional: it is inherited.
  std::optional<std::vector<std::string>> environment{};
  /// Where it starts; empty: where this process is.
  std::filesystem::path working_directory{};
};

/// A running child. Destroying it kills and reaps it. stderr is inherited, nothing else that this process has
/// open is. The child is killed by the system when the thread that started it ends: start it in a thread that
/// outlives it. (A system without a way to do so leaves it to the child, which notices that its parent is
/// gone if it has called process_tree::adopt_orphans().)
class ChildProcess {
 public:
  /// How long write() waits for a child that does not read.
  static constexpr std::chrono::seconds write_limit{10};
  /// Of a child's stderr that is kept; whatever it writes beyond is refused to it, or
  /// thrown away.
  static constexpr std::size_t max_errors = 4096;

  /// Throws FailureError{worker_failed} when it cannot be started. `arguments` never hold secrets.
  static std::unique_ptr<ChildProcess> start(const std::filesystem::path& program,
                                             const std::vector<std::string>& arguments,
                                             const ChildOptions& options = {});
  virtual ~ChildProcess() = default;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Writes all of it or throws FailureError{worker_failed}; a closed pipe is no signal. May be called from
  /// any thread, as close_stdin() may.
  virtual void write(std::span<const char> bytes) = 0;
  virtual void close_stdin() = 0;
  enum class Read { line, end, timeout };
  /// The next line without its newline. Lines longer than `max_line` throw FailureError{worker_failed}. `end`
  /// also when the child is gone but something it started still holds the pipe.
  virtual Read read_line(std::string& line, std::chrono::steady_clock::time_point until,
                         std::size_t max_line = 1 << 20) = 0;
  /// What is there, straight into the caller's memory: for secrets. Not to be mixed with read_line(). 0 with
  /// `end` and `timeout`; `line` stands for "some bytes".
  virtual Read read_some(std::span<char> into, std::size_t& count,
                         std::chrono::steady_clock::time_point until) = 0;
  virtual std::optional<ExitStatus> wait_until(std::chrono::steady_clock::time_point until) = 0;
  /// Asks the child to end. May be called from any thread.
  virtual void terminate() noexcept = 0;
  /// Ends the child and its group, if it leads one. May be called from any thread.
  virtual void kill() noexcept = 0;
  /// For a program that ends: leaves a child that has nothing left to do to the system, instead of killing it
  /// and waiting until the system has taken it down.
  virtual void abandon() noexcept = 0;
  virtual long pid() const = 0;
  /// What it has written to stderr so far, made printable; empty unless ChildOptions::keep_errors.
  virtual std::string errors() const = 0;

 protected:
  ChildProcess() = default;
};

}  // namespace koshin
