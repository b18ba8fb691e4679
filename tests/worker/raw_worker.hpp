// SPDX-License-Identifier: MIT
// A koshin-worker with bare pipes: what a parent that does not keep to the protocol would do to it.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace koshin::test {

class RawWorker {
 public:
  /// `user`: run as this user ID (needs root); -1: as this process.
  explicit RawWorker(const std::vector<std::string>& arguments = {}, long user = -1);
  ~RawWorker();
  RawWorker(const RawWorker&) = delete;
  RawWorker& operator=(const RawWorker&) = delete;

  /// False when the worker does not read any more.
  bool write(const std::string& bytes) const;
  void close_stdin();
  void close_stdout();
  /// Everything up to the end of its output.
  std::string read_all() const;
  /// One byte of its output has come.
  bool wait_for_output() const;
  /// Exit code, or 128 + signal.
  int wait();
  void terminate() const;
  /// The guard, which was started, and its child, which does the work; -1 when there is none yet.
  pid_t guard() const { return process_; }
  pid_t process() const;
  /// "/proc/PID/NAME" of process(), whole.
  std::string proc(const std::string& name) const;
  /// Until /proc/PID/status says so, at most 30 s.
  bool wait_until_protected() const;

 private:
  pid_t process_ = -1;
  int to_ = -1, from_ = -1;
  bool waited_ = false;
};

}  // namespace koshin::test
