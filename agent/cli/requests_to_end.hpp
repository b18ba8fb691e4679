// SPDX-License-Identifier: MIT
// What the operating system tells a command-line program that is to end: the part of Interrupt that differs
// between systems.
#pragma once

#include "foundation/system/pipe.hpp"

namespace koshin::cli {

/// During the lifetime of the object, the first request to end sets off `wake`; a second one ends the program
/// at once. At most one object exists, and `wake` outlives it.
class RequestsToEnd {
 public:
  explicit RequestsToEnd(const WakeUp& wake);
  ~RequestsToEnd();
  RequestsToEnd(const RequestsToEnd&) = delete;
  RequestsToEnd& operator=(const RequestsToEnd&) = delete;
};

}  // namespace koshin::cli
