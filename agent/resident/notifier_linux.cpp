// SPDX-License-Identifier: MIT
// org.freedesktop.Notifications over sd-bus (Desktop Notifications Specification 1.2).
#include "resident/notifier.hpp"

#include <sys/epoll.h>
#include <systemd/sd-bus.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>

#include "foundation/log.hpp"
#include "resident/wakeups_linux.hpp"

namespace koshin::resident {
namespace {

constexpr char service[] = "org.freedesktop.Notifications";
constexpr char object[] = "/org/freedesktop/Notifications";
constexpr std::uint64_t answer_within_us = 3'000'000;

struct BusCloser {
  void operator()(sd_bus* bus) const { sd_bus_flush_close_unref(bus); }
};
struct MessageCloser {
  void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using Bus = std::unique_ptr<sd_bus, BusCloser>;
using Message = std::unique_ptr<sd_bus_message, MessageCloser>;

/// Bodies are read as markup by servers that say so.
std::string as_markup(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else {
      result += c;
    }
  }
  return result;
}

class BusNotifier final : public Notifier {
 public:
  BusNotifier(Wakeups& wakeups, Listener listener) : wakeups_(wakeups), listener_(std::move(listener)) {}
  ~BusNotifier() override { disconnect(); }

  bool show(const std::string& tag, const Notice& notice, const Actions& actions) override {
    if (!connect()) return false;
    const auto open = open_.find(tag);
    const std::uint32_t number = notify(notice, actions, open == open_.end() ? 0 : open->second);
    if (number == 0) {
      if (open_.empty()) disconnect();
      return false;
    }
    open_[tag] = number;
    // A signal that came between question and answer waits inside sd-bus, where no descriptor tells of it.
    wakeups_.post([this] { process(); });
    return true;
  }

  void withdraw(const std::string& tag) override {
    const auto open = open_.find(tag);
    if (open == open_.end() || !bus_) return;
    sd_bus_call_method_async(bus_.get(), nullptr, service, object, service, "CloseNotification", nullptr,
                             nullptr, "u", open->second);
    gone(open->second);
    if (open_.empty()) disconnect();
  }

  bool showing() const override { return !open_.empty(); }

 private:
  bool connect() {
    if (bus_) return true;
    sd_bus* bus = nullptr;
    if (sd_bus_open_user(&bus) < 0) return false;
    bus_.reset(bus);
    sd_bus_set_exit_on_disconnect(bus, 0);
    ask_capabilities();
    sd_bus_match_signal(bus, nullptr, service, object, service, "NotificationClosed", on_closed, this);
    sd_bus_match_signal(bus, nullptr, service, object, service, "ActionInvoked", on_action, this);
    wakeups_.watch(sd_bus_get_fd(bus), EPOLLIN, [this] { process(); });
    return true;
  }

  void disconnect() {
    if (!bus_) return;
    wakeups_.unwatch(sd_bus_get_fd(bus_.get()));
    bus_.reset();
  }

  void ask_capabilities() {
    has_actions_ = has_markup_ = false;
    sd_bus_message* call = nullptr;
    sd_bus_message* answer = nullptr;
    if (sd_bus_message_new_method_call(bus_.get(), &call, service, object, service, "GetCapabilities") < 0)
      return;
    const Message owned_call(call);
    if (sd_bus_call(bus_.get(), call, answer_within_us, nullptr, &answer) < 0) return;
    const Message owned_answer(answer);
    const char* capability = nullptr;
    if (sd_bus_message_enter_container(answer, 'a', "s") < 0) return;
    while (sd_bus_message_read_basic(answer, 's', static_cast<void*>(&capability)) > 0) {
      has_actions_ = has_actions_ || std::strcmp(capability, "actions") == 0;
      has_markup_ = has_markup_ || std::strcmp(capability, "body-markup") == 0;
    }
  }

  /// The server's number for it, 0 when it did not work.
  std::uint32_t notify(const Notice& notice, const Actions& actions, std::uint32_t replaces) {
    sd_bus_message* call = nullptr;
    if (sd_bus_message_new_method_call(bus_.get(), &call, service, object, service, "Notify") < 0) return 0;
    const Message owned_call(call);
    const std::string body = has_markup_ ? as_markup(notice.body) : notice.body;
    int result = sd_bus_message_append(call, "susss", "koshin", replaces, "security-high",
                                       notice.title.c_str(), body.c_str());
    result = std::min(result, sd_bus_message_open_container(call, 'a', "s"));
    for (const auto& [identifier, label] : actions) {
      if (has_actions_)
        result = std::min(result, sd_bus_message_append(call, "ss", identifier.c_str(), label.c_str()));
    }
    result = std::min(result, sd_bus_message_close_container(call));
    constexpr unsigned char normal = 1;
    constexpr unsigned char critical = 2;
    // It stays until the person has seen it: an expiring certificate does not go away by itself either.
    constexpr int stay = 0;
    result = std::min(
        result, sd_bus_message_append(call, "a{sv}i", 2, "urgency", "y", notice.urgent ? critical : normal,
                                      "desktop-entry", "s", "koshin", stay));
    sd_bus_message* answer = nullptr;
    sd_bus_error error{};
    if (result >= 0) result = sd_bus_call(bus_.get(), call, answer_within_us, &error, &answer);
    const Message owned_answer(answer);
    if (result < 0)
      log::debug("The notification service did not take it.",
                 {{"KOSHIN_DETAIL", error.message == nullptr ? "" : error.message}});
    sd_bus_error_free(&error);
    std::uint32_t number = 0;
    if (result < 0 || sd_bus_message_read(answer, "u", &number) < 0) return 0;
    return number;
  }

  void process() {
    if (!bus_) return;
    int result = 0;
    while (bus_ && (result = sd_bus_process(bus_.get(), nullptr)) > 0) {
    }
    if (result >= 0 && !open_.empty()) return;
    disconnect();
    // The server or the whole session bus is gone, and with it what it showed.
    auto left = std::move(open_);
    open_.clear();
    for (const auto& [tag, number] : left) listener_.closed(tag);
  }

  void gone(std::uint32_t number) {
    std::erase_if(open_, [&](const auto& entry) { return entry.second == number; });
  }

  std::string tag_of(std::uint32_t number) const {
    for (const auto& [tag, open] : open_) {
      if (open == number) return tag;
    }
    return {};
  }

  static int on_closed(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    auto& notifier = *static_cast<BusNotifier*>(self);
    std::uint32_t number = 0;
    std::uint32_t reason = 0;
    if (sd_bus_message_read(message, "uu", &number, &reason) < 0) return 0;
    const std::string tag = notifier.tag_of(number);
    if (tag.empty()) return 0;
    notifier.gone(number);
    notifier.listener_.closed(tag);
    return 0;
  }

  static int on_action(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    const auto& notifier = *static_cast<BusNotifier*>(self);
    std::uint32_t number = 0;
    const char* action = nullptr;
    if (sd_bus_message_read(message, "us", &number, &action) < 0) return 0;
    const std::string tag = notifier.tag_of(number);
    if (!tag.empty()) notifier.listener_.chosen(tag, action);
    return 0;
  }

  Wakeups& wakeups_;
  Listener listener_;
  Bus bus_;
  bool has_actions_ = false, has_markup_ = false;
  std::map<std::string, std::uint32_t> open_;
};

}  // namespace

std::unique_ptr<Notifier> make_notifier(Wakeups& wakeups, Notifier::Listener listener) {
  return std::make_unique<BusNotifier>(wakeups, std::move(listener));
}

}  // namespace koshin::resident
