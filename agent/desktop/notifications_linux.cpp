// SPDX-License-Identifier: MIT
// Desktop notifications over sd-bus.
#include "desktop/notifications.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <map>
#include <string_view>

#include "desktop/message_text.hpp"
#include "desktop/sd_bus_linux.hpp"
#include "foundation/base/markup.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"

namespace koshin::desktop {
namespace {

constexpr char service[] = "org.freedesktop.Notifications";
constexpr char object[] = "/org/freedesktop/Notifications";

BusMessage new_call(sd_bus* bus, const char* method) {
  sd_bus_message* message = nullptr;
  if (sd_bus_message_new_method_call(bus, &message, service, object, service, method) < 0) return nullptr;
  return BusMessage(message);
}

BusMessage call(sd_bus* bus, const BusMessage& request) {
  sd_bus_message* answer = nullptr;
  sd_bus_error error{};
  const int result = request ? sd_bus_call(bus, request.get(), bus_answer_within_us, &error, &answer) : -1;
  if (result < 0)
    log::debug("The notification service did not take it.",
               {{"KOSHIN_DETAIL", error.message == nullptr ? "" : error.message}});
  sd_bus_error_free(&error);
  return BusMessage(answer);
}

class BusNotifications final : public Notifications {
 public:
  BusNotifications(Bus bus, Listener listener) : bus_(std::move(bus)), listener_(std::move(listener)) {
    sd_bus_set_exit_on_disconnect(bus_.get(), 0);
    sd_bus_match_signal(bus_.get(), nullptr, service, object, service, "NotificationClosed", on_closed, this);
    sd_bus_match_signal(bus_.get(), nullptr, service, object, service, "ActionInvoked", on_action, this);
  }

  Shown show(const std::string& tag, const Message& message) override {
    if (gone_ || !ask_capabilities()) return Shown::no;
    const auto open = open_.find(tag);
    const std::uint32_t number = notify(message, open == open_.end() ? 0 : open->second);
    if (number == 0) return Shown::no;
    open_[tag] = number;
    return has_actions_ && !message.actions.empty() ? Shown::with_actions : Shown::without_actions;
  }

  void withdraw(const std::string& tag) override {
    const auto open = open_.find(tag);
    if (open == open_.end() || gone_) return;
    sd_bus_call_method_async(bus_.get(), nullptr, service, object, service, "CloseNotification", nullptr,
                             nullptr, "u", open->second);
    open_.erase(open);
  }

  bool showing() const override { return !open_.empty(); }
  bool stay_until_read(std::chrono::milliseconds /*limit*/) override {
    return true;
  }  // the server keeps them
  NativeHandle handle() const override { return sd_bus_get_fd(bus_.get()); }

  bool process() override {
    if (gone_) return false;
    int result = 0;
    while ((result = sd_bus_process(bus_.get(), nullptr)) > 0) {
    }
    if (result >= 0) return true;
    gone_ = true;  // its descriptor stays open as long as this lives: whoever waits for it can stop first
    auto left = std::move(open_);
    open_.clear();
    for (const auto& entry : left) tell([&] { listener_.closed(entry.first); });
    return false;
  }

 private:
  /// False when there is no server and none can be started. Asked each time: it may have been exchanged.
  bool ask_capabilities() {
    has_actions_ = has_markup_ = false;
    const BusMessage answer = call(bus_.get(), new_call(bus_.get(), "GetCapabilities"));
    if (!answer || sd_bus_message_enter_container(answer.get(), 'a', "s") < 0) return false;
    const char* capability = nullptr;
    while (sd_bus_message_read(answer.get(), "s", &capability) > 0) {
      has_actions_ = has_actions_ || std::string_view(capability) == "actions";
      has_markup_ = has_markup_ || std::string_view(capability) == "body-markup";
    }
    return true;
  }

  /// The server's number for it, 0 when it did not work.
  std::uint32_t notify(const Message& message, std::uint32_t replaces) {
    const BusMessage request = new_call(bus_.get(), "Notify");
    if (!request) return 0;
    const std::string title = printable(message.title, longest_title);
    const std::string plain = harmless(message.body, longest_body);
    const std::string body = has_markup_ ? as_markup(plain) : plain;
    int result = sd_bus_message_append(request.get(), "susss", "koshin", replaces, "security-high",
                                       title.c_str(), body.c_str());
    result = std::min(result, sd_bus_message_open_container(request.get(), 'a', "s"));
    for (const auto& [identifier, label] : message.actions) {
      if (has_actions_)
        result =
            std::min(result, sd_bus_message_append(request.get(), "ss", identifier.c_str(), label.c_str()));
    }
    result = std::min(result, sd_bus_message_close_container(request.get()));
    result = std::min(result, append_hints(request.get(), message));
    if (result < 0) return 0;
    const BusMessage answer = call(bus_.get(), request);
    std::uint32_t number = 0;
    if (!answer || sd_bus_message_read(answer.get(), "u", &number) < 0) return 0;
    return number;
  }

  static int append_hints(sd_bus_message* request, const Message& message) {
    constexpr int until_closed = 0, as_the_server_likes = -1;
    return sd_bus_message_append(request, "a{sv}i", 3, "urgency", "y", static_cast<int>(message.urgency),
                                 "category", "s", "device", "desktop-entry", "s", "koshin",
                                 message.stays ? until_closed : as_the_server_likes);
  }

  std::string tag_of(std::uint32_t number) const {
    const auto open =
        std::find_if(open_.begin(), open_.end(), [&](const auto& entry) { return entry.second == number; });
    return open == open_.end() ? std::string() : open->first;
  }
  bool knows(std::uint32_t number) const {
    return std::any_of(open_.begin(), open_.end(), [&](const auto& entry) { return entry.second == number; });
  }

  /// An exception must not pass through the library's frames, which are C.
  static void tell(const std::function<void()>& listener) {
    try {
      listener();
    } catch (const std::exception& error) {
      log::error(log::Event::none, "what a desktop message calls for could not be done",
                 {{"KOSHIN_DETAIL", error.what()}});
    }
  }

  static int on_closed(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    auto& notifications = *static_cast<BusNotifications*>(self);
    std::uint32_t number = 0, reason = 0;
    if (sd_bus_message_read(message, "uu", &number, &reason) < 0 || !notifications.knows(number)) return 0;
    const std::string tag = notifications.tag_of(number);
    notifications.open_.erase(tag);
    tell([&] { notifications.listener_.closed(tag); });
    return 0;
  }

  static int on_action(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    const auto& notifications = *static_cast<BusNotifications*>(self);
    std::uint32_t number = 0;
    const char* action = nullptr;
    if (sd_bus_message_read(message, "us", &number, &action) < 0 || !notifications.knows(number)) return 0;
    tell([&] { notifications.listener_.chosen(notifications.tag_of(number), action); });
    return 0;
  }

  Bus bus_;
  Listener listener_;
  bool has_actions_ = false, has_markup_ = false, gone_ = false;
  std::map<std::string, std::uint32_t> open_;
};

}  // namespace

std::unique_ptr<Notifications> Notifications::connect(Listener listener) {
  sd_bus* bus = nullptr;
  if (sd_bus_open_user(&bus) < 0) return nullptr;
  return std::make_unique<BusNotifications>(Bus(bus), std::move(listener));
}

}  // namespace koshin::desktop
