// SPDX-License-Identifier: MIT
// The desktop's proxy settings where there is no desktop. (With a portal: tests/servers.)
#include "proxy_lookup/desktop_settings.hpp"

#include <gtest/gtest.h>

#include "support/environment.hpp"

namespace koshin::proxy_lookup {
namespace {

TEST(DesktopSettings, WithoutASessionBusThereIsNoPortal) {
  const test::ScopedEnvironment nowhere{{{"DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"}}};
  EXPECT_FALSE(ask_portal("https://bank.example", std::chrono::seconds{5}).has_value());
}

TEST(DesktopSettings, WithoutADesktopLibproxyGoesByTheEnvironment) {
  const test::ScopedEnvironment proxy({{"https_proxy", "http://proxy.example:3128"},
                                       {"DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"}});
  const DesktopAnswer answer = ask_libproxy("https://bank.example");
  EXPECT_EQ(answer.source, "libproxy");
  EXPECT_EQ(answer.proxies, "http://proxy.example:3128");
}

}  // namespace
}  // namespace koshin::proxy_lookup
