// SPDX-License-Identifier: MIT
// Asserts the exact reason of a failure, and hands it over for a look at its detail.
#pragma once

#include <gtest/gtest.h>

#include <optional>

#include "foundation/failures/failure.hpp"

namespace koshin::enrollment::test {

/// The Failure that `action` throws; a failed assertion and an empty one when it throws none.
template <typename Action>
Failure failure_of(Action&& action) {
  try {
    action();
  } catch (const FailureError& error) {
    return error.failure();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "another exception: " << error.what();
    return {};
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

/// A Failure's reason by its id, so that a mismatch is readable.
template <typename Action>
std::string reason_of(Action&& action) {
  return std::string(info(failure_of(std::forward<Action>(action)).reason).id);
}

}  // namespace koshin::enrollment::test
