// SPDX-License-Identifier: MIT
// SIGINT, SIGTERM and SIGHUP as stop requests. The operating system's part is in interrupt_posix.cpp.
#pragma once

#include <memory>
#include <stop_token>

namespace koshin::cli {

/// During the lifetime of the object, the first SIGINT, SIGTERM or SIGHUP requests a stop; a second one ends
/// the program at once. At most one object exists.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const;
  /// A descriptor that becomes readable at the first request and stays readable, for use in poll().
  int descriptor() const;
  /// Throws FailureError{interrupted} when a stop was requested.
  void check() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace koshin::cli
