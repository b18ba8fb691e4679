// SPDX-License-Identifier: MIT
// A system whose desktop messages koshin does not know: also where a session bus and a server of messages are
// there, nobody is asked.
#include <gtest/gtest.h>

#include "desktop/notifications.hpp"
#include "support/session_bus.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::desktop {
namespace {

TEST(WithoutMessages, ThereIsNobodyToShowThem) {
  const test::TemporaryDirectory directory;
  const test::SessionBus bus(directory.path(), {KOSHIN_NOTIFICATION_SERVER});
  EXPECT_EQ(Notifications::connect({.chosen = [](const std::string&, const std::string&) { FAIL(); },
                                    .closed = [](const std::string&) { FAIL(); }}),
            nullptr);
}

}  // namespace
}  // namespace koshin::desktop
