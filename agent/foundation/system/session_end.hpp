// SPDX-License-Identifier: MIT
// The end of the person's session, where the system tells windows of it and not programs.
#pragma once

#include <functional>
#include <memory>

namespace koshin {

class SessionEnd {
 public:
  /// `ends` is called in a thread of its own when the session ends, and throws nothing. The system waits then
  /// until this is destroyed, at most four seconds, before it ends the process. Tells nothing where
  /// StopRequests does, or where there are no windows. Throws std::system_error when the system has no thread
  /// to give.
  static std::unique_ptr<SessionEnd> watch(std::function<void()> ends);
  virtual ~SessionEnd() = default;
  SessionEnd(const SessionEnd&) = delete;
  SessionEnd& operator=(const SessionEnd&) = delete;

 protected:
  SessionEnd() = default;
};

}  // namespace koshin
