// SPDX-License-Identifier: MIT
// org.freedesktop.Notifications (Desktop Notifications Specification 1.2), without an event loop: whoever has
// one waits for the handle and calls process().
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "foundation/system/handle.hpp"

namespace koshin::desktop {

enum class Urgency { low, normal, critical };

struct Message {
  std::string title, body;  ///< plain text, whatever the server makes of markup
  /// Identifier and label of each button.
  std::vector<std::pair<std::string, std::string>> actions;
  Urgency urgency = Urgency::normal;
  bool stays = true;  ///< until somebody has closed it
};

class Notifications {
 public:
  struct Listener {
    /// The person chose an action of the message with this tag ("default": a click on the message).
    std::function<void(const std::string& tag, const std::string& action)> chosen;
    /// It is gone: dismissed, or its server or the whole bus went away.
    std::function<void(const std::string& tag)> closed;
  };
  enum class Shown { no, without_actions, with_actions };

  /// Null without a session bus, and on a system whose messages koshin does not know.
  static std::unique_ptr<Notifications> connect(Listener listener);
  virtual ~Notifications() = default;
  Notifications(const Notifications&) = delete;
  Notifications& operator=(const Notifications&) = delete;

  /// Takes the place of an open one with the same tag. Waits at most three seconds for the server. Call
  /// process() soon after: a signal may have come meanwhile.
  virtual Shown show(const std::string& tag, const Message& message) = 0;
  virtual void withdraw(const std::string& tag) = 0;
  virtual bool showing() const = 0;
  /// For a program that has nothing else to do: where a message goes when the program that shows it ends (on
  /// Windows), returns once the person has closed all that are shown, or at that limit. Elsewhere at once.
  /// False: a message goes now that nobody has closed.
  virtual bool stay_until_read(std::chrono::milliseconds limit) = 0;
  /// Ready to be read when there is something for process().
  virtual NativeHandle handle() const = 0;
  /// False when the bus is gone; what was open has been told closed then. Listeners may show and withdraw,
  /// and must not destroy this.
  virtual bool process() = 0;

 protected:
  Notifications() = default;
};

}  // namespace koshin::desktop
