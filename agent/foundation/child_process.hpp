// SPDX-License-Identifier: MIT
// A child with pipes on stdin and stdout, bounded in time and output. Portable; the system's part is in
// child_process_posix.cpp / child_process_windows.cpp.
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
  bool signaled = false;
  int code = 0;  ///< exit code, or the signal's number
};

/// A running child. Destroying it kills and reaps it. stderr is inherited.
class ChildProcess {
 public:
  /// Throws FailureError{worker_failed} when it cannot be started. `arguments` never hold secrets.
  static std::unique_ptr<ChildProcess> start(const std::filesystem::path& program, const std::vector<std::string>& arguments);
  virtual ~ChildProcess() = default;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Writes all of it or throws FailureError{worker_failed}; a closed pipe is no signal.
  virtual void write(std::span<const char> bytes) = 0;
  virtual void close_stdin() = 0;
  enum class Read { line, end, timeout };
  /// The next line without its newline. Lines longer than `max_line` throw FailureError{worker_failed}.
  virtual Read read_line(std::string& line, std::chrono::steady_clock::time_point until, std::size_t max_line = 1 << 20) = 0;
  virtual std::optional<ExitStatus> wait_until(std::chrono::steady_clock::time_point until) = 0;
  virtual void kill() noexcept = 0;
  virtual long pid() const = 0;

 protected:
  ChildProcess() = default;
};

}  // namespace koshin
