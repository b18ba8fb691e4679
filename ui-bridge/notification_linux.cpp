// SPDX-License-Identifier: MIT
// org.freedesktop.Notifications over sd-bus (Desktop Notifications Specification 1.2).
#include <systemd/sd-bus.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "foundation/log.hpp"
#include "notification.hpp"

namespace koshin::ui {

namespace {

constexpr const char* service = "org.freedesktop.Notifications";
constexpr const char* object = "/org/freedesktop/Notifications";
constexpr std::uint64_t call_timeout_usec = 5'000'000;

struct Unref {
  void operator()(sd_bus* bus) const { sd_bus_flush_close_unref(bus); }
  void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using Bus = std::unique_ptr<sd_bus, Unref>;
using Message = std::unique_ptr<sd_bus_message, Unref>;

Message new_call(sd_bus* bus, const char* method) {
  sd_bus_message* message = nullptr;
  if (sd_bus_message_new_method_call(bus, &message, service, object, service, method) < 0) return nullptr;
  return Message(message);
}

Message call(sd_bus* bus, const Message& request) {
  sd_bus_message* reply = nullptr;
  if (!request || sd_bus_call(bus, request.get(), call_timeout_usec, nullptr, &reply) < 0) return nullptr;
  return Message(reply);
}

class DesktopNotifier final : public Notifier {
 public:
  explicit DesktopNotifier(boost::asio::io_context& context) : readable_(context) {
    sd_bus* bus = nullptr;
    if (sd_bus_open_user(&bus) < 0) return;
    bus_.reset(bus);
    sd_bus_match_signal(bus, nullptr, service, object, service, "ActionInvoked", on_action, this);
    sd_bus_match_signal(bus, nullptr, service, object, service, "NotificationClosed", on_closed, this);
    readable_.assign(sd_bus_get_fd(bus));
    wait();
  }
  ~DesktopNotifier() override {
    if (readable_.is_open()) readable_.release();  // the descriptor is the bus's
  }

  Delivery show(const Notification& notification, std::function<void(const std::string&)> answered) override {
    if (!bus_) return Delivery::no_server;
    const auto actions = supports_actions();
    if (!actions) return Delivery::no_server;
    const bool ask = *actions && !notification.actions.empty();
    if (!send(notification, ask)) return Delivery::no_server;
    answered_ = ask ? std::move(answered) : nullptr;
    drain();  // signals that came while the calls waited for their replies
    return ask ? Delivery::shown : Delivery::shown_no_actions;
  }

  void withdraw() override {
    answered_ = nullptr;
    if (!bus_ || id_ == 0) return;
    const Message request = new_call(bus_.get(), "CloseNotification");
    if (request && sd_bus_message_append(request.get(), "u", id_) >= 0) call(bus_.get(), request);
    id_ = 0;
  }

 private:
  /// Empty when there is no server (and none can be started).
  std::optional<bool> supports_actions() {
    const Message reply = call(bus_.get(), new_call(bus_.get(), "GetCapabilities"));
    if (!reply || sd_bus_message_enter_container(reply.get(), SD_BUS_TYPE_ARRAY, "s") < 0)
      return std::nullopt;
    const char* capability = nullptr;
    bool found = false;
    while (sd_bus_message_read(reply.get(), "s", &capability) > 0)
      found = found || std::string_view(capability) == "actions";
    return found;
  }

  static int append_hints(sd_bus_message* message, Notification::Urgency urgency, bool ask) {
    // A question stays until it is answered: one that went away by itself would count as dismissed.
    constexpr int until_closed = 0, as_the_server_likes = -1;
    const bool stays = ask || urgency == Notification::Urgency::critical;
    return sd_bus_message_append(message, "a{sv}i", 3, "urgency", "y", static_cast<int>(urgency), "category",
                                 "s", "device", "desktop-entry", "s", "koshin",
                                 stays ? until_closed : as_the_server_likes);
  }

  bool send(const Notification& notification, bool ask) {
    const Message request = new_call(bus_.get(), "Notify");
    sd_bus_message* message = request.get();
    if (message == nullptr ||
        sd_bus_message_append(message, "susss", "koshin", id_, "security-high", notification.title.c_str(),
                              notification.body.c_str()) < 0 ||
        sd_bus_message_open_container(message, SD_BUS_TYPE_ARRAY, "s") < 0)
      return false;
    if (ask)
      for (const auto& [key, label] : notification.actions)
        sd_bus_message_append(message, "ss", key.c_str(), label.c_str());
    if (sd_bus_message_close_container(message) < 0 || append_hints(message, notification.urgency, ask) < 0)
      return false;
    const Message reply = call(bus_.get(), request);
    return reply && sd_bus_message_read(reply.get(), "u", &id_) >= 0;
  }

  void answer(const std::string& key) {
    if (!answered_) return;
    const auto answered = std::exchange(answered_, nullptr);
    answered(key);
  }

  static int on_action(sd_bus_message* message, void* self, sd_bus_error*) {
    std::uint32_t id = 0;
    const char* key = nullptr;
    auto* notifier = static_cast<DesktopNotifier*>(self);
    if (sd_bus_message_read(message, "us", &id, &key) >= 0 && id == notifier->id_) notifier->answer(key);
    return 0;
  }

  static int on_closed(sd_bus_message* message, void* self, sd_bus_error*) {
    std::uint32_t id = 0, reason = 0;
    auto* notifier = static_cast<DesktopNotifier*>(self);
    if (sd_bus_message_read(message, "uu", &id, &reason) < 0 || id != notifier->id_) return 0;
    notifier->id_ = 0;
    notifier->answer("");
    return 0;
  }

  void drain() {
    while (bus_) {
      const int result = sd_bus_process(bus_.get(), nullptr);
      if (result == 0) return;
      if (result < 0) {  // the bus is gone, and with it whoever showed the message
        readable_.release();
        bus_.reset();
        answer("");
      }
    }
  }

  void wait() {
    readable_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [this](const boost::system::error_code& error) {
                           if (error) return;
                           drain();
                           if (bus_) wait();
                         });
  }

  boost::asio::posix::stream_descriptor readable_;
  Bus bus_;
  std::uint32_t id_ = 0;
  std::function<void(const std::string&)> answered_;
};

}  // namespace

std::unique_ptr<Notifier> Notifier::connect(boost::asio::io_context& context) {
  return std::make_unique<DesktopNotifier>(context);
}

}  // namespace koshin::ui
