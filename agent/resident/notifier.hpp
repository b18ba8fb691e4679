// SPDX-License-Identifier: MIT
// A plain desktop notification, for when koshin-ui is not there or fails.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "foundation/system/event_loop.hpp"
#include "resident/decision_text.hpp"

namespace koshin::resident {

class Notifier {
 public:
  struct Listener {
    /// The person chose an action of the notification with this tag.
    std::function<void(const std::string& tag, const std::string& action)> chosen;
    /// It is gone: dismissed, withdrawn, or its server went away.
    std::function<void(const std::string& tag)> closed;
  };
  using Actions = std::vector<std::pair<std::string, std::string>>;  ///< identifier, what the button says

  virtual ~Notifier() = default;
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  /// Replaces an open one with the same tag. False when nobody shows notifications in this session. Waits at
  /// most three seconds for the server.
  virtual bool show(const std::string& tag, const Notice& notice, const Actions& actions) = 0;
  virtual void withdraw(const std::string& tag) = 0;
  virtual bool showing() const = 0;

 protected:
  Notifier() = default;
};

/// Connects when there is something to show and disconnects when nothing is: an idle agent has no bus
/// connection.
std::unique_ptr<Notifier> make_notifier(EventLoop& loop, Notifier::Listener listener);

}  // namespace koshin::resident
