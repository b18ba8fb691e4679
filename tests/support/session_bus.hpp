// SPDX-License-Identifier: MIT
// A session bus of the test's own, with a service on it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foundation/system/child_process.hpp"
#include "support/environment.hpp"

namespace koshin::test {

/// Found by this process and its children until the end of the scope.
class SessionBus {
 public:
  /// `service`: a Python program that says "ready" in its first line, and its arguments; empty: a bus with
  /// nobody on it. Throws std::runtime_error when either does not start.
  explicit SessionBus(const std::filesystem::path& directory, const std::vector<std::string>& service = {});
  /// The service's next line; empty: none came within half a minute.
  std::string line_of_service();

 private:
  std::unique_ptr<ChildProcess> bus_, service_;
  std::optional<ScopedEnvironment> address_;
};

}  // namespace koshin::test
