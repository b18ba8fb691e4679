// SPDX-License-Identifier: MIT
#include "proxy_lookup/desktop_settings.hpp"

#include <proxy.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "desktop/sd_bus_linux.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::proxy_lookup {
namespace {

using desktop::Bus, desktop::BusMessage;

struct BusError {
  sd_bus_error raw{};
  BusError() = default;
  ~BusError() { sd_bus_error_free(&raw); }
  BusError(const BusError&) = delete;
  BusError& operator=(const BusError&) = delete;
};

/// Whether the bus says that nobody there resolves proxies.
bool says_nobody(const sd_bus_error& error) {
  constexpr std::array<std::string_view, 6> names{
      "org.freedesktop.DBus.Error.ServiceUnknown",   "org.freedesktop.DBus.Error.NameHasNoOwner",
      "org.freedesktop.DBus.Error.UnknownInterface", "org.freedesktop.DBus.Error.UnknownMethod",
      "org.freedesktop.DBus.Error.UnknownObject",    "org.freedesktop.DBus.Error.Spawn.ServiceNotFound"};
  const std::string_view name = error.name == nullptr ? "" : error.name;
  for (const std::string_view known : names)
    if (name == known) return true;
  return false;
}

struct FactoryFreer {
  void operator()(pxProxyFactory* factory) const noexcept { px_proxy_factory_free(factory); }
  void operator()(char** proxies) const noexcept { px_proxy_factory_free_proxies(proxies); }
};

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

DesktopAnswer ask_libproxy(const std::string& url) {
  // libproxy's plugin for scripts is JavaScriptCore, and koshin-agent's unit permits no memory that is
  // written and run.
  setenv("JSC_useJIT", "false", 1);
  const std::unique_ptr<pxProxyFactory, FactoryFreer> factory(px_proxy_factory_new());
  if (!factory) fail(Reason::proxy_unusable, "there is no portal, and libproxy does not start");
  const std::unique_ptr<char*, FactoryFreer> found(px_proxy_factory_get_proxies(factory.get(), url.c_str()));
  std::vector<std::string> proxies;
  for (char** proxy = found.get(); proxy != nullptr && *proxy != nullptr; ++proxy)
    proxies.emplace_back(*proxy);
  return {"libproxy", joined(proxies, ";")};
}

}  // namespace koshin::proxy_lookup
