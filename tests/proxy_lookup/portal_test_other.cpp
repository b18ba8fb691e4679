// SPDX-License-Identifier: MIT
// A system whose session bus koshin does not know: a portal that is there all the same is not asked.
#include <gtest/gtest.h>

#include "proxy_lookup/desktop_settings.hpp"
#include "support/session_bus.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::proxy_lookup {
namespace {

TEST(Portal, IsNotAsked) {
  const test::TemporaryDirectory directory;
  const test::SessionBus bus(directory.path(), {KOSHIN_PORTAL, "http://proxy.example:3128"});
  EXPECT_FALSE(ask_portal("https://bank.example", std::chrono::seconds{30}).has_value());
}

}  // namespace
}  // namespace koshin::proxy_lookup
