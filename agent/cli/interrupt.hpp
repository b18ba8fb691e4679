// SPDX-License-Identifier: MIT
// Ctrl-C and the system's requests to end, as stop requests.
#pragma once

#include <memory>
#include <stop_token>

#include "foundation/system/handle.hpp"

namespace koshin::cli {

/// During the lifetime of the object, the first request to end becomes a stop request; a second one ends the
/// program at once. At most one object exists.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const;
  /// A handle that becomes readable at the first request and stays readable, for waits on handles.
  NativeHandle handle() const;
  /// Throws FailureError{interrupted} when a stop was requested.
  void check() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace koshin::cli
