// SPDX-License-Identifier: MIT
#include "foundation/secrets/process_hardening.hpp"

#include <gmock/gmock.h>
#include <signal.h>

#include "foundation/failures/failure.hpp"
#include "foundation/system/child_process.hpp"

namespace koshin {
namespace {

using testing::HasSubstr;

#ifdef KOSHIN_ADDRESS_SANITIZER
constexpr bool stays_dumpable = true;
#else
constexpr bool stays_dumpable = false;
#endif

struct Outcome {
  std::string output;
  ExitStatus status;
};
Outcome probe(const std::string& thing) {
  const auto child = ChildProcess::start(PROBE, {thing});
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  Outcome outcome;
  std::string line;
  while (child->read_line(line, until) == ChildProcess::Read::line) outcome.output += line + '\n';
  outcome.status = child->wait_until(until).value_or(ExitStatus{true, SIGALRM});
  return outcome;
}

TEST(Hardening, GivesUpCoresTracingAndPrivileges) {
  const Outcome outcome = probe("hardening");
  EXPECT_THAT(outcome.output, HasSubstr("core 0 0\nno_new_privileges 1\numask 63\n"));
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
