// SPDX-License-Identifier: MIT
// What POSIX has no words for.
#include <gmock/gmock.h>

#include "probe_outcome.hpp"

namespace koshin {
namespace {

using test::Outcome;
using test::probe;
using testing::HasSubstr;

#ifdef KOSHIN_ADDRESS_SANITIZER
constexpr bool stays_dumpable = true;
#else
constexpr bool stays_dumpable = false;
#endif

TEST(Hardening, GivesUpTracingAndPrivileges) {
  const Outcome outcome = probe("hardening");
  EXPECT_THAT(outcome.output, HasSubstr("no_new_privileges 1\n"));
  if (stays_dumpable) GTEST_SKIP() << "AddressSanitizer's leak check needs a dumpable process";
  EXPECT_THAT(outcome.output, HasSubstr("dumpable 0\n"));
}

TEST(Hardening, RefusesADebuggerOfTheSameUser) {
  if (stays_dumpable) GTEST_SKIP() << "AddressSanitizer's leak check needs a dumpable process";
  const Outcome outcome = probe("tracing");
  if (outcome.output.find("before 0\n") == std::string::npos)
    GTEST_SKIP() << "nobody can trace here in any case: " << outcome.output;
  EXPECT_THAT(outcome.output, HasSubstr("after 1\n"));
}

}  // namespace
}  // namespace koshin
