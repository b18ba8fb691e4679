// SPDX-License-Identifier: MIT
// The agent where no person is: it renews by itself, at a time of its own, and not again and again.
#include <set>

#include "agent_fixture.hpp"

namespace koshin::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(AgentTest, UnattendedItRenewsInsteadOfAsking) {
  settings.unattended.enabled = true;
  settings.unattended.spread = CalendarDuration{.time = 1s};
  insert();
  agent().on_inspected(seen({token(12)}));
  EXPECT_THAT(world.renewed, ElementsAre("1"));
  EXPECT_THAT(world.prompts, IsEmpty());
}

TEST_F(AgentTest, UnattendedItRenewsThroughTheModuleThatKnowsTheToken) {
  settings.unattended.enabled = true;
  settings.unattended.spread = CalendarDuration{.time = 1s};
  insert();
  agent().on_inspected(seen({}));
  agent().on_inspected(seen({token(12)}));
  EXPECT_THAT(world.renewed_by, ElementsAre("/second.so"));
}

TEST_F(AgentTest, UnattendedRenewalsAreSpreadOverTheConfiguredTime) {
  settings.renewal.window = CalendarDuration{.days = 30};
  settings.unattended.enabled = true;
  settings.unattended.spread = CalendarDuration{.days = 14};
  settings.reminders.daily = false;  // else the next look is tomorrow for everybody
  std::set<TimePoint> starts;
  for (int serial = 0; serial < 20; ++serial) {
    FakeWorld office;
    resident::Agent one(office, std::make_shared<const Deployment>(Deployment{settings, {settings}}), {});
    one.start();
    one.on_readers({reader_with_card(reader_a)}, false);
    one.on_inspected(seen({token_with_certificate(std::to_string(serial), office.clock, 29)}));
    starts.insert(office.renewed.empty() ? office.alarm.value_or(TimePoint{}) : office.clock);
  }
  EXPECT_GE(starts.size(), 10U) << "everybody starts at the same time";
  EXPECT_GE(*starts.begin(), world.clock);
  EXPECT_LE(*starts.rbegin(), world.clock + 14 * 24h);
}

TEST_F(AgentTest, AnUnattendedFailureThatTimeMayHealIsRetriedLater) {
  settings.unattended.enabled = true;
  settings.unattended.spread = CalendarDuration{.time = 1s};
  insert();
  agent().on_inspected(seen({token(12)}));
  agent().on_renewed({"Maker", "Model", "1"}, Failure{Reason::authority_unreachable, "", {}});
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.renewed.size(), 1U) << "tried again at once";
  ASSERT_TRUE(world.alarm);
  EXPECT_EQ(*world.alarm, world.clock + resident::UnattendedPace::first_pause);
}

TEST_F(AgentTest, AnUnattendedFailureThatNeedsAPersonIsLeftToOne) {
  settings.unattended.enabled = true;
  settings.unattended.spread = CalendarDuration{.time = 1s};
  insert(1);
  agent().on_inspected(seen({token(12)}));
  agent().on_renewed({"Maker", "Model", "1"}, Failure{Reason::pin_incorrect, "", {}});
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.renewed.size(), 1U);
  EXPECT_EQ(world.prompts.size(), 1U) << "nobody was told";
  insert(3);
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.renewed.size(), 2U) << "putting the token in again is a reason to try again";
}

TEST_F(AgentTest, ATokenPutInAgainBeforeTheRenewalNoticedIsTriedAgainAtOnce) {
  settings.unattended.enabled = true;
  settings.unattended.spread = CalendarDuration{.time = 1s};
  insert(1);
  agent().on_inspected(seen({token(12)}));
  pull(2);
  insert(3);
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.renewed.size(), 1U) << "two renewals at a time";
  agent().on_renewed({"Maker", "Model", "1"}, Failure{Reason::token_removed, "", {}});
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.renewed.size(), 2U) << "left to a person who has done what was needed already";
  EXPECT_THAT(world.prompts, IsEmpty());
}

TEST_F(AgentTest, PuttingTheTokenInAgainHealsWhatTheTokenOrItsModuleDid) {
  settings.unattended.enabled = true;
  renewal::Record record;
  record.token = {"Maker", "Model", "1"};
  record.number = 1;
  record.state = renewal::State::issued;
  record.old_sha256 = "cafe1";
  record.changed = world.clock;
  record.last_failure = Failure{Reason::token_error, "CKR_GENERAL_ERROR", {}};
  world.memory.records.push_back(record);
  insert(1);
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.renewed.size(), 1U);
  world.memory.records.front().last_failure = Failure{Reason::authority_unreachable, "", {}};
  agent().on_renewed(record.token, record.last_failure);
  insert(3);
  agent().on_inspected(seen({token(12)}));
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.renewed.size(), 1U) << "the authority was asked again at once";
}

/// Its new certificate was written by another computer.
messages::TokenReport written_elsewhere(messages::TokenReport token, TimePoint now) {
  auto written = token.certificates.front();
  written.sha256 = "beef";
  written.key_id = "6b6f7368" + std::string(32, '1');
  written.not_before = now - 24h;
  written.not_after = now + 364 * 24h;
  token.certificates.front().replaced_by = written.sha256;
  token.certificates.push_back(written);
  return token;
}

TEST_F(AgentTest, WhatAnotherComputerHasWrittenIsSeenToLogInUnattended) {
  settings.unattended.enabled = true;
  insert();
  agent().on_inspected(seen({written_elsewhere(token(12), world.clock)}));
  EXPECT_THAT(world.renewed, ElementsAre("1"));
  EXPECT_THAT(world.prompts, IsEmpty());
}

TEST_F(AgentTest, WhatCannotBeSeenToLogInUnattendedIsLeftToAPerson) {
  settings.unattended.enabled = true;
  insert();
  agent().on_inspected(seen({written_elsewhere(token(12), world.clock)}));
  agent().on_renewed({"Maker", "Model", "1"}, Failure{Reason::pin_incorrect, "", {}});
  agent().on_inspected(seen({written_elsewhere(token(12), world.clock)}));
  EXPECT_EQ(world.renewed.size(), 1U);
  EXPECT_EQ(world.prompts.size(), 1U) << "nobody was told";
}

TEST_F(AgentTest, WhatAnotherComputerHasWrittenIsToldToThePerson) {
  insert();
  agent().on_inspected(seen({written_elsewhere(token(12), world.clock)}));
  ASSERT_EQ(world.prompts.size(), 1U);
  EXPECT_EQ(world.prompts.front().decision, renewal::Decision::proof_left);
  EXPECT_EQ(world.prompts.front().certificate_sha256, "beef");
}

TEST_F(AgentTest, ARenewalThatClaimsSuccessDoesNotGoRoundInCircles) {
  settings.unattended.enabled = true;
  settings.unattended.spread = CalendarDuration{.time = 1s};
  insert();
  agent().on_inspected(seen({token(12)}));
  agent().on_renewed({"Maker", "Model", "1"}, {});
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.renewed.size(), 1U);
}

}  // namespace
}  // namespace koshin::test
