// SPDX-License-Identifier: MIT
// sd-bus, one connection for each question.
#include "desk_check/user_bus.hpp"

#include <cstring>
#include <string_view>

#include "desktop/sd_bus_linux.hpp"

namespace koshin::desk_check {
namespace {

using desktop::Bus, desktop::BusError, desktop::BusMessage;

struct Method {
  const char *service, *object, *interface, *name;
};

BusAnswer why_not(int result, const sd_bus_error& error) {
  const std::string_view name = error.name == nullptr ? "" : error.name;
  const bool of_bus =
      name.empty() || name.starts_with("org.freedesktop.DBus.Error.") || name.starts_with("System.Error.");
  // A unit that is not there is said by an error of the kernel's kind (ENOENT).
  const bool no_such_unit =
      name == "org.freedesktop.DBus.Error.FileNotFound" || name == "System.Error.ENOENT";
  return {{}, error.message != nullptr ? error.message : std::strerror(-result), !of_bus || no_such_unit};
}

/// The answer's texts, joined by blanks; at most `count`.
BusAnswer ask(const Method& method, const char* argument, int count) {
  sd_bus* raw = nullptr;
  if (const int result = sd_bus_open_user(&raw); result < 0) return {{}, std::strerror(-result)};
  const Bus bus(raw);
  sd_bus_set_method_call_timeout(bus.get(), desktop::bus_answer_within_us);
  BusError error;
  sd_bus_message* answer = nullptr;
  const int result = argument == nullptr
                         ? sd_bus_call_method(bus.get(), method.service, method.object, method.interface,
                                              method.name, &error.raw, &answer, nullptr)
                         : sd_bus_call_method(bus.get(), method.service, method.object, method.interface,
                                              method.name, &error.raw, &answer, "s", argument);
  const BusMessage message(answer);
  if (result < 0) return why_not(result, error.raw);
  BusAnswer words{.text = {}, .service_answered = true};
  const char* word = nullptr;
  for (int i = 0; i < count && sd_bus_message_read(message.get(), "s", &word) > 0; ++i)
    words.text += (i == 0 ? "" : " ") + std::string(word);
  return words;
}

}  // namespace

BusAnswer unit_file_state(const char* unit) {
  return ask({"org.freedesktop.systemd1", "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager",
              "GetUnitFileState"},
             unit, 1);
}

BusAnswer notification_server() {
  BusAnswer answer = ask({"org.freedesktop.Notifications", "/org/freedesktop/Notifications",
                          "org.freedesktop.Notifications", "GetServerInformation"},
                         nullptr, 3);
  return answer;
}

}  // namespace koshin::desk_check
