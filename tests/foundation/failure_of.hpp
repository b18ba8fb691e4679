// SPDX-License-Identifier: MIT
// The failure that a call ends with.
#pragma once

#include <gtest/gtest.h>

#include "foundation/failures/failure.hpp"

namespace koshin::test {

/// Calls `action`, which is expected to throw FailureError. When it does not, the test fails and a Failure
/// comes back that no assertion fits.
template <class Action>
Failure failure_of(Action&& action) {
  try {
    action();
  } catch (const FailureError& error) {
    return error.failure();
  }
  ADD_FAILURE() << "nothing failed";
  return {.reason = Reason::internal_error, .detail = "nothing failed", .retry_after = std::nullopt};
}

}  // namespace koshin::test
