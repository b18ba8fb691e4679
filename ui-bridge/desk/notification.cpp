// SPDX-License-Identifier: MIT
// Desktop messages in the page's event loop.
#include <boost/asio/io_context.hpp>
#include <utility>

#include "desktop/notifications.hpp"
#include "handle_wait.hpp"
#include "notification.hpp"

namespace koshin::ui {

namespace {

constexpr const char* tag = "page";

desktop::Urgency urgency_of(Notification::Urgency urgency) {
  switch (urgency) {
    case Notification::Urgency::low:
      return desktop::Urgency::low;
    case Notification::Urgency::critical:
      return desktop::Urgency::critical;
    case Notification::Urgency::normal:
      break;
  }
  return desktop::Urgency::normal;
}

class DesktopNotifier final : public Notifier {
 public:
  explicit DesktopNotifier(boost::asio::io_context& context) {
    bus_ = desktop::Notifications::connect(
        {.chosen = [this](const std::string&, const std::string& action) { answer(action); },
         .closed = [this](const std::string&) { answer(""); }});
    if (bus_) wait_ = HandleWait::begin(context, bus_->handle(), [this] { process(); });
  }

  Delivery show(const Notification& notification, std::function<void(const std::string&)> answered) override {
    if (!bus_) return Delivery::no_server;
    // A question stays until it is answered: one that expired would count as dismissed.
    const bool stays =
        !notification.actions.empty() || notification.urgency == Notification::Urgency::critical;
    const auto shown = bus_->show(tag, {.title = notification.title,
                                        .body = notification.body,
                                        .actions = notification.actions,
                                        .urgency = urgency_of(notification.urgency),
                                        .stays = stays});
    if (shown == desktop::Notifications::Shown::no) return Delivery::no_server;
    const bool asked = shown == desktop::Notifications::Shown::with_actions;
    answered_ = asked ? std::move(answered) : nullptr;
    process();  // signals that arrived while calls waited for replies
    return asked ? Delivery::shown : Delivery::shown_no_actions;
  }

  void withdraw() override {
    answered_ = nullptr;
    if (bus_) bus_->withdraw(tag);
  }

 private:
  void answer(const std::string& key) {
    if (!answered_) return;
    const auto answered = std::exchange(answered_, nullptr);
    answered(key);
  }

  void process() {
    if (!wait_) return;
    if (!bus_->process()) wait_.reset();  // the bus has ended, and the notification server with it
  }

  std::unique_ptr<desktop::Notifications> bus_;
  std::unique_ptr<HandleWait> wait_;
  std::function<void(const std::string&)> answered_;
};

}  // namespace

std::unique_ptr<Notifier> Notifier::connect(boost::asio::io_context& context) {
  return std::make_unique<DesktopNotifier>(context);
}

}  // namespace koshin::ui
