// SPDX-License-Identifier: MIT
// The portal, over sd-bus.
#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <vector>

#include "desktop/sd_bus_linux.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "proxy_lookup/desktop_settings.hpp"

namespace koshin::proxy_lookup {
namespace {

using desktop::Bus, desktop::BusError, desktop::BusMessage;

/// Whether the bus says that nobody there resolves proxies.
bool says_nobody(const sd_bus_error& error) {
  constexpr std::array<std::string_view, 6> names{
      "org.freedesktop.DBus.Error.ServiceUnknown",   "org.freedesktop.DBus.Error.NameHasNoOwner",
      "org.freedesktop.DBus.Error.UnknownInterface", "org.freedesktop.DBus.Error.UnknownMethod",
      "org.freedesktop.DBus.Error.UnknownObject",    "org.freedesktop.DBus.Error.Spawn.ServiceNotFound"};
  const std::string_view name = error.name == nullptr ? "" : error.name;
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

std::optional<DesktopAnswer> ask_portal(const std::string& url, std::chrono::milliseconds limit) {
  sd_bus* raw = nullptr;
  if (sd_bus_open_user(&raw) < 0) return std::nullopt;
  const Bus bus(raw);
  sd_bus_set_method_call_timeout(bus.get(),
                                 static_cast<std::uint64_t>(std::chrono::microseconds(limit).count()));
  BusError error;
  sd_bus_message* answer = nullptr;
  const int result = sd_bus_call_method(
      bus.get(), "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop",
      "org.freedesktop.portal.ProxyResolver", "Lookup", &error.raw, &answer, "s", url.c_str());
  const BusMessage message(answer);
  if (result < 0 && says_nobody(error.raw)) return std::nullopt;
  if (result < 0) {
    fail(Reason::proxy_failed,
         std::string("xdg-desktop-portal: ") +
             printable(error.raw.message != nullptr ? error.raw.message : std::strerror(-result), 300));
  }
  std::vector<std::string> proxies;
  if (sd_bus_message_enter_container(message.get(), 'a', "s") < 0)
    fail(Reason::proxy_failed, "xdg-desktop-portal: the answer is no list of texts");
  const char* proxy = nullptr;
  while (sd_bus_message_read(message.get(), "s", &proxy) > 0) proxies.emplace_back(proxy);
  return DesktopAnswer{"xdg-desktop-portal", joined(proxies, ";")};
}

}  // namespace koshin::proxy_lookup
