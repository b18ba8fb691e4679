// SPDX-License-Identifier: MIT
// What Windows tells the windows of a session: that the machine woke, that its clock was set, that the person
// locks the session, comes back, or logs off.
#pragma once

#include <functional>
#include <memory>

namespace koshin {

class SessionMessages {
 public:
  enum class Message { woke, clock_set, locked, unlocked, ends };
  /// Called in the thread of the window; throws nothing, and ends no listening.
  using Listener = std::function<void(Message)>;

  /// As long as the result lives. All listeners of a process share one hidden window and one thread, which
  /// ends with the last of them. Where no window can be made, as in a service, nothing is told. After `ends`
  /// the system is kept waiting until nobody listens any more, at most four seconds: then it ends the
  /// process.
  static std::unique_ptr<SessionMessages> listen(Listener listener);
  virtual ~SessionMessages() = default;
  SessionMessages(const SessionMessages&) = delete;
  SessionMessages& operator=(const SessionMessages&) = delete;

 protected:
  SessionMessages() = default;
};

}  // namespace koshin
