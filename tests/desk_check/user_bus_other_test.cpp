// SPDX-License-Identifier: MIT
// A system whose session bus koshin does not know: what depends on it is said to be unknown.
#include <gmock/gmock.h>

#include <map>

#include "desk_check/checks.hpp"
#include "desk_check/user_bus.hpp"

namespace koshin::desk_check {
namespace {

using Check = void (*)(Report&);

DoctorCheck result_of(Check check) {
  std::vector<DoctorCheck> results;
  Report report([&](const DoctorCheck& result) { results.push_back(result); });
  check(report);
  EXPECT_EQ(results.size(), 1U);
  return results.empty() ? DoctorCheck{} : results.front();
}

TEST(WithoutSessionBus, NobodyIsAskedAndTheAnswerSaysSo) {
  for (const BusAnswer& answer : {unit_file_state("koshin-agent.service"), notification_server()}) {
    EXPECT_EQ(answer.text, "");
    EXPECT_FALSE(answer.asked);
    EXPECT_FALSE(answer.service_answered);
    EXPECT_EQ(answer.error, "koshin asks no session bus on this system");
  }
}

TEST(WithoutSessionBus, MessagesAreNoFaultOfTheDesktop) {
  const DoctorCheck result = result_of(check_notifications);
  EXPECT_EQ(result.status, "skipped");
  EXPECT_EQ(result.finding, "messages_unsupported");
  EXPECT_EQ(result.advice, "") << "there is nothing to do";
}

TEST(WithoutSessionBus, NothingIsClaimedOfWhatStartsTheAgent) {
  for (const Check check : {check_agent_unit, check_reminder}) {
    const DoctorCheck result = result_of(check);
    EXPECT_EQ(result.status, "skipped");
    EXPECT_EQ(result.finding, "unit_unknown");
    EXPECT_THAT(result.text, testing::HasSubstr("koshin asks no session bus on this system"));
  }
}

}  // namespace
}  // namespace koshin::desk_check
