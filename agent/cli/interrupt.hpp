// SPDX-License-Identifier: MIT
// SIGINT, SIGTERM and SIGHUP as stop requests. The operating system's part is in interrupt_posix.cpp.
#pragma once

#include <memory>
#include <stop_token>

#include "foundation/system/handle.hpp"

namespace koshin::cli {

/// While one exists, the first request of the system to end asks to stop; a second one ends the program at
/// once. At most one exists.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const;
  /// Ready to be read from the first request on: for waits that look at handles.
  NativeHandle handle() const;
  /// Throws FailureError{interrupted} when a stop was asked for.
  void check() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace koshin::cli
