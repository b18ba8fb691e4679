// SPDX-License-Identifier: MIT
// The desktop's proxy settings where there is no desktop: libproxy goes by the environment. (With a portal:
// tests/servers.)
#include "proxy_lookup/desktop_settings.hpp"

#include <gtest/gtest.h>

#include "support/environment.hpp"

namespace koshin::proxy_lookup {
namespace {

TEST(DesktopSettings, WithoutADesktopLibproxyGoesByTheEnvironment) {
  // Set to nothing, no_proxy and its like are as unset: this machine's own may name every host.
  const test::ScopedEnvironment proxy({{"https_proxy", "http://proxy.example:3128"},
                                       {"HTTPS_PROXY", ""},
                                       {"no_proxy", ""},
                                       {"NO_PROXY", ""},
                                       {"DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus"}});
  const DesktopAnswer answer = ask_libproxy("https://bank.example");
  EXPECT_EQ(answer.source, "libproxy");
  EXPECT_EQ(answer.proxies, "http://proxy.example:3128");
}

}  // namespace
}  // namespace koshin::proxy_lookup
