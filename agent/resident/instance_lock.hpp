// SPDX-License-Identifier: MIT
// One agent for each user and session folder.
#pragma once

#include <filesystem>
#include <memory>

namespace koshin::resident {

class InstanceLock {
 public:
  /// Empty when another agent holds it; `holder` is then its process, 0 when that cannot be told. The system
  /// releases the lock when the process ends, however it ends. Throws FailureError{internal_error} when the
  /// folder cannot be used.
  static std::unique_ptr<InstanceLock> acquire(const std::filesystem::path& file, long& holder);
  virtual ~InstanceLock() = default;
  InstanceLock(const InstanceLock&) = delete;
  InstanceLock& operator=(const InstanceLock&) = delete;

 protected:
  InstanceLock() = default;
};

}  // namespace koshin::resident
