// SPDX-License-Identifier: MIT
#include "foundation/secrets/process_hardening.hpp"

#include <gmock/gmock.h>

#include "foundation/failures/failure.hpp"
#include "probe_outcome.hpp"

namespace koshin {
namespace {

using test::Outcome;
using test::probe;
using testing::HasSubstr;

TEST(Hardening, GivesUpCoresAndOpenFiles) {
  EXPECT_THAT(probe("hardening").output, HasSubstr("core 0 0\numask 63\n"));
}

TEST(Deadline, EndsAProcessThatIsBusyAndSaysItsLastWords) {
#ifdef KOSHIN_THREAD_SANITIZER
  GTEST_SKIP() << "ThreadSanitizer hands signals on at the next system call only";
#endif
  const Outcome outcome = probe("deadline");
  EXPECT_FALSE(outcome.status.crashed);
  EXPECT_EQ(outcome.status.code, info(Reason::deadline_exceeded).exit_code);
  EXPECT_EQ(outcome.output, "started\nhalf a li\n{\"last\":\"words\"}\n");
}

TEST(Deadline, CanBeTakenAway) {
  const Outcome outcome = probe("deadline-taken-away");
  EXPECT_EQ(outcome.status.code, 0);
  EXPECT_EQ(outcome.output, "still here\n");
}

}  // namespace
}  // namespace koshin
