// SPDX-License-Identifier: MIT
// What the system, or a parent, asks of a program that goes on by itself: to end, or to read its settings
// again.
#pragma once

#include <optional>

#include "foundation/system/handle.hpp"

namespace koshin {

/// From its making on such a request ends nothing by itself and waits to be taken. To be made before any
/// thread that is to be left alone by it; there is one in a process, and the requests stay out of the way of
/// the process when it is gone.
class StopRequests {
 public:
  enum class Request { end, reload };

  /// Throws std::system_error.
  StopRequests();
  /// The next one; empty when there is none now.
  std::optional<Request> take() const;
  /// The next one, whenever it comes.
  Request wait() const;
  /// Ready to be read while there is one to take.
  NativeHandle handle() const noexcept { return requests_.get(); }

 private:
  Handle requests_;
};

}  // namespace koshin
