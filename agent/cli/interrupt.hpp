// SPDX-License-Identifier: MIT
// Ctrl-C and its relatives as a stop request. The system's part is in interrupt_posix.cpp.
#pragma once

#include <memory>
#include <stop_token>

namespace koshin::cli {

/// While one exists, the first SIGINT, SIGTERM or SIGHUP asks to stop; a second one ends the program at once.
/// At most one exists.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const;
  /// Becomes readable at the first request and stays so: for waits that look at descriptors.
  int descriptor() const;
  /// Throws FailureError{interrupted} when a stop was asked for.
  void check() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace koshin::cli
