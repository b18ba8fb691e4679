// SPDX-License-Identifier: MIT
// A token that several modules show.
#include <gmock/gmock.h>

#include "renewal/policy/inventory.hpp"
#include "report_builder.hpp"

namespace koshin::renewal {
namespace {

using messages::TokenReport;
using test::certificate;
using test::token_with;

TEST(EachOnce, ATokenThatSeveralModulesShowIsOne) {
  auto first = token_with({certificate("a1", "2026-12-13T00:00:00Z")}), second = first, third = first,
       other = first;
  first.module = other.module = "a.so";
  second.module = "b.so";
  third.module = "c.so";
  const auto once = each_once({first, other, second, third});
  ASSERT_EQ(once.size(), 2U) << "two of one module are two, however alike";
  EXPECT_EQ(once[0].module, "a.so");
  EXPECT_THAT(once[0].other_modules, testing::ElementsAre("b.so", "c.so"));
  EXPECT_THAT(once[1].other_modules, testing::IsEmpty());
}

TEST(EachOnce, TheModuleThatReadsItSpeaksAndAnotherTokenStaysAnother) {
  auto mute = token_with({}), whole = token_with({certificate("a1", "2026-12-13T00:00:00Z")});
  auto another = token_with({certificate("b2", "2026-12-13T00:00:00Z")});
  mute.module = "a.so";
  mute.trouble = "token_error";
  whole.module = "b.so";
  another.module = "c.so";
  const auto once = each_once({mute, whole, another});
  ASSERT_EQ(once.size(), 2U);
  EXPECT_EQ(once[0].module, "b.so");
  EXPECT_THAT(once[0].other_modules, testing::ElementsAre("a.so"));
  EXPECT_EQ(once[1].module, "c.so");
}

}  // namespace
}  // namespace koshin::renewal
