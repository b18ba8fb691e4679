// SPDX-License-Identifier: MIT
// The portal of this system's session bus.
#include <gmock/gmock.h>

#include "proxy_lookup/desktop_settings.hpp"
#include "support/environment.hpp"
#include "support/session_bus.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::proxy_lookup {
namespace {

TEST(Portal, WithoutASessionBusThereIsNone) {
  const test::ScopedEnvironment nowhere{{{"DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"}}};
  EXPECT_FALSE(ask_portal("https://bank.example", std::chrono::seconds{5}).has_value());
}

TEST(Portal, IsAskedOverTheSessionBus) {
  const test::TemporaryDirectory directory;
  test::SessionBus bus(directory.path(), {KOSHIN_PORTAL, "http://proxy.example:3128", "direct://"});
  const auto answer = ask_portal("https://bank.example", std::chrono::seconds{30});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->source, "xdg-desktop-portal");
  EXPECT_EQ(answer->proxies, "http://proxy.example:3128;direct://");
  EXPECT_EQ(bus.line_of_service(), "https://bank.example");
}

}  // namespace
}  // namespace koshin::proxy_lookup
