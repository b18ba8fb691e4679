// SPDX-License-Identifier: MIT
// The agent's answers to events, in a world of the test's making.
#include "agent_fixture.hpp"

namespace koshin::test {
namespace {

using renewal::Decision;
using renewal::Trigger;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(AgentTest, AnInsertionAsksTheFirstModuleAndADueTokenIsPrompted) {
  insert();
  EXPECT_THAT(world.inspected, ElementsAre("/first.so"));
  agent().on_inspected(seen({token(12)}));
  ASSERT_EQ(world.prompts.size(), 1U);
  EXPECT_EQ(world.prompts[0].decision, Decision::due);
  EXPECT_EQ(world.prompts[0].days_left, 12);
  ASSERT_EQ(world.memory.kept.size(), 1U);
  EXPECT_EQ(world.memory.kept[0].last_decision, "due");
  EXPECT_EQ(world.memory.kept[0].module, "/first.so");
  EXPECT_EQ(world.memory.kept[0].last_notified, world.clock);
}

TEST_F(AgentTest, ATokenThatIsNotDueWakesNobodyUntilItIs) {
  insert();
  agent().on_inspected(seen({token(200)}));
  EXPECT_THAT(world.prompts, IsEmpty());
  EXPECT_EQ(world.settlements.size(), 1U) << "a message from before is taken back";
  ASSERT_TRUE(world.alarm);
  EXPECT_GT(*world.alarm, world.clock + 160 * 24h);
}

TEST_F(AgentTest, TheSecondModuleIsAskedWhenTheFirstKnowsNothingOfTheCard) {
  insert();
  agent().on_inspected(seen({}));
  EXPECT_THAT(world.inspected, ElementsAre("/first.so", "/second.so"));
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.memory.kept.at(0).module, "/second.so");
}

TEST_F(AgentTest, TheModuleThatOwnedATokenLastIsAskedFirst) {
  renewal::TokenMemory memory;
  memory.token = {"Maker", "Model", "1"};
  memory.module = "/second.so";
  memory.last_seen = world.clock;
  world.memory.kept.push_back(memory);
  insert();
  EXPECT_THAT(world.inspected, ElementsAre("/second.so"));
}

TEST_F(AgentTest, SomebodyElsesTokenIsNotWrittenDown) {
  settings.expect.organization = "Sakura Test Bank";
  insert();
  agent().on_inspected(seen({token(12)}));
  EXPECT_THAT(world.memory.kept, IsEmpty());
  EXPECT_THAT(world.prompts, IsEmpty());
}

TEST_F(AgentTest, ATokenPulledWhileTheWorkerLooksIsNotTakenIn) {
  insert();
  pull();
  agent().on_inspected(seen({token(12)}));
  EXPECT_THAT(agent().tokens().all(), IsEmpty());
  EXPECT_THAT(world.prompts, IsEmpty());
}

TEST_F(AgentTest, ATokenSwappedWhileTheMachineSleptIsRemovedAndInserted) {
  insert(1);
  agent().on_inspected(seen({token(12, "1")}));
  insert(3);
  EXPECT_THAT(world.removed, ElementsAre("1"));
  agent().on_inspected(seen({token(12, "2")}));
  EXPECT_EQ(world.prompts.size(), 2U);
}

TEST_F(AgentTest, RemovalReachesWhoeverTalksToThePerson) {
  insert();
  agent().on_inspected(seen({token(12)}));
  pull();
  EXPECT_THAT(world.removed, ElementsAre("1"));
  EXPECT_FALSE(world.alarm);
}

TEST_F(AgentTest, EachTokenBelongsToTheReaderItsModuleNames) {
  agent().on_readers({reader_with_card(reader_a), reader_with_card(reader_b)}, false);
  agent().on_inspected(seen({token(12, "1", "Reader A"), token(12, "2", "Reader B")}));
  agent().on_inspected(seen({token(12, "1", "Reader A"), token(12, "2", "Reader B")}));
  agent().on_readers({reader_with_card(reader_a), empty_reader(reader_b, 2)}, false);
  EXPECT_THAT(world.removed, ElementsAre("2"));
}

TEST_F(AgentTest, WhichReaderATokenIsInIsAskedOnlyWhenItMatters) {
  insert();
  EXPECT_FALSE(world.readers_wanted);
  agent().on_inspected(seen({token(12, "1")}));
  agent().on_readers({reader_with_card(reader_a), reader_with_card(reader_b)}, false);
  EXPECT_TRUE(world.readers_wanted);
}

TEST_F(AgentTest, AGuessedReaderIsCorrectedWhenTheModuleTells) {
  insert();
  agent().on_inspected(seen({token(12, "1")}));
  agent().on_readers({reader_with_card(reader_a), reader_with_card(reader_b)}, false);
  agent().on_inspected(seen({token(12, "1", "Reader B"), token(12, "2", "Reader A")}));
  agent().on_inspected(seen({token(12, "1", "Reader B"), token(12, "2", "Reader A")}));
  agent().on_readers({reader_with_card(reader_a), empty_reader(reader_b, 2)}, false);
  EXPECT_THAT(world.removed, ElementsAre("1"));
}

TEST_F(AgentTest, ATokenThatLeavesWhileItIsLookedAtIsNotTheModulesFault) {
  settings.token.modules = {"/first.so"};
  insert(1);
  agent().on_inspected(Failure{Reason::token_removed, "C_OpenSession: CKR_TOKEN_NOT_PRESENT", {}});
  EXPECT_THAT(world.troubles, IsEmpty());
  insert(3);
  EXPECT_EQ(world.inspected.size(), 2U) << "the module was made to rest";
}

TEST_F(AgentTest, ACrashIsToldOnceAndTheModuleRests) {
  settings.token.modules = {"/first.so"};
  insert(1);
  crash();
  EXPECT_THAT(world.troubles, ElementsAre("/first.so"));
  pull(2);
  insert(3);
  EXPECT_EQ(world.inspected.size(), 1U) << "a resting module was asked";
  ASSERT_TRUE(world.alarm);
  world.clock = *world.alarm;
  agent().on_alarm();
  EXPECT_EQ(world.inspected.size(), 2U);
  crash();
  EXPECT_EQ(world.troubles.size(), 1U) << "the person was told twice";
}

TEST_F(AgentTest, ATokenWhoseModuleRestsIsLookedAtAfterwards) {
  settings.token.modules = {"/first.so"};
  insert();
  agent().on_inspected(seen({token(12)}));
  agent().on_clock(Trigger::wake);
  crash();
  ASSERT_TRUE(world.alarm);
  EXPECT_LE(*world.alarm, world.clock + resident::ModuleHealth::first_pause);
  world.clock = *world.alarm;
  agent().on_alarm();
  EXPECT_EQ(world.inspected.size(), 3U);
}

TEST_F(AgentTest, ARetryThatMeetsARestingModuleIsNotForgotten) {
  settings.token.modules = {"/first.so"};
  agent().on_readers({reader_with_card(reader_a), empty_reader(reader_b)}, false);
  crash();
  world.clock +=
      30s;  // the first card is to be looked at again, and before that another makes the module crash
  agent().on_readers({reader_with_card(reader_a), reader_with_card(reader_b)}, false);
  crash();
  ASSERT_EQ(world.inspected.size(), 2U);
  agent().on_alarm();
  EXPECT_EQ(world.inspected.size(), 2U) << "a resting module was asked";
  world.clock += 60s;
  agent().on_alarm();
  agent().on_inspected(seen({token(30, "1", reader_a)}));
  EXPECT_EQ(world.inspected.size(), 4U) << "each of the two cards is looked at";
}

TEST_F(AgentTest, WrongSettingsAreNotTheModulesFault) {
  settings.token.modules = {"/first.so"};
  insert();
  agent().on_inspected(Failure{Reason::settings_invalid, "koshin.toml:1:1: unknown key", {}});
  EXPECT_THAT(world.troubles, IsEmpty());
  EXPECT_THAT(world.mistakes, ElementsAre("koshin.toml:1:1: unknown key")) << "but somebody is told";
  ASSERT_TRUE(world.alarm);
  world.clock = *world.alarm;
  agent().on_alarm();
  EXPECT_EQ(world.inspected.size(), 2U);
}

TEST_F(AgentTest, WithWrongSettingsNoTokenIsLookedAtAndAnInsertionIsTold) {
  settings.token.modules = {"/first.so"};
  agent().stop_looking({Reason::settings_invalid, "koshin.toml:1:1: unknown key", {}});
  insert();
  agent().on_clock(Trigger::wake);
  EXPECT_THAT(world.inspected, IsEmpty());
  EXPECT_THAT(world.mistakes, ElementsAre("koshin.toml:1:1: unknown key")) << "the clock is no insertion";
  EXPECT_FALSE(world.alarm) << "nothing wakes the agent for a look that cannot succeed";
  agent().use(std::make_shared<const Deployment>(Deployment{settings, {settings}}));
  EXPECT_EQ(world.inspected.size(), 1U) << "the card that is in by then";
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.prompts.size(), 1U) << "as if it had been inserted now";
}

TEST_F(AgentTest, OnceADayWhileItStaysIn) {
  insert();
  agent().on_inspected(seen({token(12)}));
  ASSERT_TRUE(world.alarm);
  EXPECT_LE(*world.alarm, world.clock + 24h);
  world.clock += 24h;
  agent().on_alarm();
  agent().on_inspected(seen({token(11)}));
  EXPECT_EQ(world.prompts.size(), 2U);
}

TEST_F(AgentTest, WakingFromSuspendLooksAgainAndNotifiesWhatHasBecomeDue) {
  insert();
  agent().on_inspected(seen({token(40)}));
  EXPECT_THAT(world.prompts, IsEmpty());
  const auto same_token = token(40);
  world.clock += 20 * 24h;
  agent().on_clock(Trigger::wake);
  agent().on_inspected(seen({same_token}));
  ASSERT_EQ(world.prompts.size(), 1U);
  EXPECT_EQ(world.prompts[0].days_left, 20);
}

TEST_F(AgentTest, AClockSetBackTakesADecisionBack) {
  insert();
  const auto expired = token(-1);
  agent().on_inspected(seen({expired}));
  EXPECT_EQ(agent().tokens().all().at(0).banks.at(0).decision, Decision::reissue_needed);
  world.clock -= 100 * 24h;
  agent().on_clock(Trigger::clock_change);
  agent().on_inspected(seen({expired}));
  EXPECT_EQ(agent().tokens().all().at(0).banks.at(0).decision, Decision::not_due);
}

TEST_F(AgentTest, SnoozedUntilTheNextInsertion) {
  insert(1);
  agent().on_inspected(seen({token(12)}));
  agent().on_snoozed({"Maker", "Model", "1"});
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(agent().tokens().all().at(0).banks.at(0).decision, Decision::snoozed);
  EXPECT_EQ(world.prompts.size(), 1U);
  insert(3);
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.prompts.size(), 2U);
}

TEST_F(AgentTest, WithoutAJournalItStillDecides) {
  world.journal_broken = true;
  insert();
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.prompts.size(), 1U);
  EXPECT_THAT(world.journal_troubles, testing::ElementsAre("broken for this test")) << "and says why";
}

TEST_F(AgentTest, AfterTheServiceWasAwayTheTokenIsLookedAtQuietly) {
  insert(5);
  agent().on_inspected(seen({token(12)}));
  agent().on_readers({reader_with_card(reader_a, 0)}, true);
  EXPECT_THAT(world.removed, IsEmpty());
  agent().on_inspected(seen({token(12)}));
  EXPECT_EQ(world.prompts.size(), 1U) << "notified though nothing happened to the token";
}

TEST_F(AgentTest, LeavesOnlyWhenNoReaderHasBeenThereForTheWholeTime) {
  leave_when_idle = 60s;
  agent().on_readers({}, false);
  EXPECT_EQ(world.alarm, world.clock + 60s);
  world.clock += 59s;
  EXPECT_FALSE(agent().wants_to_leave());
  world.clock += 1s;
  EXPECT_TRUE(agent().wants_to_leave());
  agent().on_readers({empty_reader(reader_a)}, false);
  world.clock += 1000s;
  EXPECT_FALSE(agent().wants_to_leave());
}

TEST_F(AgentTest, TwentyInsertionsAtOnceAreFewLooks) {
  for (unsigned i = 1; i <= 20; ++i) insert(2 * i - 1);
  EXPECT_EQ(world.inspected.size(), 1U);
  for (int i = 0; i < 3; ++i) agent().on_inspected(seen({token(12)}));
  EXPECT_LE(world.inspected.size(), 4U);
  EXPECT_EQ(agent().tokens().all().size(), 1U);
}

}  // namespace
}  // namespace koshin::test
