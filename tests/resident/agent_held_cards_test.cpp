// SPDX-License-Identifier: MIT
// Cards that a program holds for itself alone: when they are looked at, and whom the agent waits for.
#include "agent_fixture.hpp"

namespace koshin::test {
namespace {

using ::testing::IsEmpty;

TEST_F(AgentTest, AModuleThatHoldsTheCardWhileItWorksDoesNotKeepTheAgentBusy) {
  auto held = reader_with_card(reader_a);
  held.exclusive = true;
  insert();
  agent().on_readers({held}, false);
  agent().on_inspected(seen({token(12)}));
  insert();
  EXPECT_EQ(world.inspected.size(), 1U) << "the worker's own hold was taken for somebody else's";
}

TEST_F(AgentTest, ACardHeldFromTheStartIsLookedAtWhenItIsReleased) {
  auto held = reader_with_card(reader_a);
  held.exclusive = true;
  agent().on_readers({held}, false);
  EXPECT_THAT(world.inspected, IsEmpty());
  insert();
  EXPECT_EQ(world.inspected.size(), 1U);
}

TEST_F(AgentTest, ACardThatIsTakenWhileItIsLookedAtIsLookedAtWhenItIsReleased) {
  settings.token.modules = {"/first.so"};
  auto held = reader_with_card(reader_a);
  held.exclusive = true;
  messages::InspectResult nothing;
  nothing.modules_in_trouble.push_back({"/first.so", Failure{Reason::card_held, "Reader A", {}}});
  insert();
  agent().on_readers({held}, false);
  agent().on_inspected(nothing);
  EXPECT_THAT(world.troubles, IsEmpty()) << "it is not the module's fault";
  EXPECT_FALSE(world.alarm) << "the release is told";
  EXPECT_EQ(world.inspected.size(), 1U);
  insert();
  EXPECT_EQ(world.inspected.size(), 2U);
}

/// A card that no module knows, beside one that another program holds: the held one is waited for.
TEST_F(AgentTest, TheReaderWhoseCardIsHeldIsTheOneThatIsWaitedFor) {
  settings.token.modules = {"/first.so"};
  auto held = reader_with_card(reader_b);
  held.exclusive = true;
  messages::InspectResult nothing;
  nothing.modules_in_trouble.push_back({"/first.so", Failure{Reason::card_held, "Reader B", {}}});
  agent().on_readers({reader_with_card(reader_a), held}, false);
  ASSERT_EQ(world.inspected.size(), 1U);
  agent().on_inspected(nothing);
  EXPECT_THAT(world.troubles, IsEmpty());
  EXPECT_FALSE(world.alarm) << "the release is told";
  auto used = reader_with_card(reader_a);
  used.exclusive = true;
  agent().on_readers({used, held}, false);
  agent().on_readers({reader_with_card(reader_a), held}, false);
  EXPECT_EQ(world.inspected.size(), 1U) << "nobody had held this one while it was looked at";
  agent().on_readers({reader_with_card(reader_a), reader_with_card(reader_b)}, false);
  EXPECT_EQ(world.inspected.size(), 2U);
}

/// The holder let go before the agent heard of it: there is no release to wait for.
TEST_F(AgentTest, ACardThatWasHeldForAMomentIsLookedAtAgain) {
  settings.token.modules = {"/first.so"};
  messages::InspectResult nothing;
  nothing.modules_in_trouble.push_back({"/first.so", Failure{Reason::card_held, "Reader A", {}}});
  insert();
  agent().on_inspected(nothing);
  ASSERT_TRUE(world.alarm);
  world.clock = *world.alarm;
  agent().on_alarm();
  EXPECT_EQ(world.inspected.size(), 2U);
}

}  // namespace
}  // namespace koshin::test
