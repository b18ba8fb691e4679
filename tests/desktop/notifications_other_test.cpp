// SPDX-License-Identifier: MIT
// A system whose desktop messages koshin does not know.
#include <gtest/gtest.h>

#include "desktop/notifications.hpp"

namespace koshin::desktop {
namespace {

TEST(WithoutMessages, ThereIsNobodyToShowThem) {
  EXPECT_EQ(Notifications::connect({.chosen = [](const std::string&, const std::string&) { FAIL(); },
                                    .closed = [](const std::string&) { FAIL(); }}),
            nullptr);
}

}  // namespace
}  // namespace koshin::desktop
