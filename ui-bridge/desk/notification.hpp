// SPDX-License-Identifier: MIT
// A message on the desktop, with buttons where the desktop has them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace koshin::ui {

struct Notification {
  enum class Urgency { low, normal, critical };
  std::string title, body;
  /// Key and label of each button. With none, the message only informs.
  std::vector<std::pair<std::string, std::string>> actions;
  Urgency urgency = Urgency::normal;
};

class Notifier {
 public:
  enum class Delivery {
    shown,             ///< with its buttons; the answer follows
    shown_no_actions,  ///< this desktop has no buttons (or none were asked for): no answer will come
    no_server,         ///< there is no notification server
  };
  /// Connects to the session's bus; without one, every message ends in no_server.
  static std::unique_ptr<Notifier> connect(boost::asio::io_context& context);
  virtual ~Notifier() = default;
  /// Shows a message, replacing the previous one. `answered` is called at most once, from the context, with
  /// the key of the button, "default" for a click on the message, or "" when the message was closed or the
  /// server has ended.
  virtual Delivery show(const Notification& notification,
                        std::function<void(const std::string&)> answered) = 0;
  virtual void withdraw() = 0;
};

}  // namespace koshin::ui
