// SPDX-License-Identifier: MIT
// Tokens that are hard to tell apart: in no reader, without a serial number, or two that say the same of
// themselves.
#include "agent_fixture.hpp"

namespace koshin::test {
namespace {

using renewal::Decision;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(AgentTest, ABlankTokenWithoutASerialIsNobodys) {
  messages::TokenReport blank;
  blank.initialized = false;
  insert();
  agent().on_inspected(seen({blank}));
  agent().on_inspected(seen({blank}));
  EXPECT_THAT(agent().tokens().all(), IsEmpty());
}

TEST_F(AgentTest, ARescanTellsOfTokensWithoutAReader) {
  settings.token.rescan_interval = 60s;
  agent();
  EXPECT_THAT(world.inspected, ElementsAre("/first.so"));
  agent().on_inspected(seen({token(12)}));
  agent().on_inspected(seen({}));
  EXPECT_EQ(world.prompts.size(), 1U);
  world.clock += 60s;
  agent().on_alarm();
  agent().on_inspected(seen({}));
  EXPECT_THAT(world.removed, ElementsAre("1"));
}

/// Of the same maker and model, with the same serial number and label.
class Twins : public AgentTest {
 protected:
  void inspect(std::vector<messages::TokenReport> tokens) {
    agent().on_slot_event("/first.so");
    agent().on_inspected(seen(std::move(tokens)));
  }
};

TEST_F(Twins, AreBothThere) {
  inspect({token(200, "1", "Slot A"), token(12, "1", "Slot B")});
  EXPECT_THAT(agent().tokens().all(), SizeIs(2));
  EXPECT_THAT(world.published, SizeIs(2));
  EXPECT_THAT(world.settlements, IsEmpty()) << "the one that is not due takes back nothing of the other's";
  ASSERT_THAT(world.prompts, SizeIs(1));
  EXPECT_EQ(world.prompts[0].days_left, 12);
  EXPECT_EQ(world.memory.kept.at(0).last_decision, "due");
}

TEST_F(Twins, WhicheverIsDueIsTold) {
  inspect({token(12, "1", "Slot A"), token(200, "1", "Slot B")});
  ASSERT_THAT(world.prompts, SizeIs(1));
  EXPECT_EQ(world.prompts[0].days_left, 12);
  EXPECT_THAT(world.settlements, IsEmpty());
  EXPECT_EQ(world.memory.kept.at(0).last_decision, "due");
}

TEST_F(Twins, WithoutSlotsOfDifferentNamesTheyAreTwoAsWell) {
  inspect({token(200, "1"), token(12, "1")});
  EXPECT_THAT(agent().tokens().all(), SizeIs(2));
  inspect({token(200, "1"), token(12, "1")});
  EXPECT_THAT(agent().tokens().all(), SizeIs(2));
  EXPECT_THAT(world.removed, IsEmpty());
}

TEST_F(Twins, OneThatLeavesIsGoneAndTheOtherStays) {
  inspect({token(200, "1", "Slot A"), token(12, "1", "Slot B")});
  inspect({token(12, "1", "Slot B")});
  EXPECT_THAT(world.removed, SizeIs(1));
  ASSERT_THAT(agent().tokens().all(), SizeIs(1));
  EXPECT_EQ(agent().tokens().all().front().decision, Decision::due);
}

TEST_F(Twins, OneTokenThatIsInAnotherSlotIsStillThatToken) {
  inspect({token(12, "1", "Slot A")});
  inspect({token(12, "1", "Slot B")});
  EXPECT_THAT(agent().tokens().all(), SizeIs(1));
  EXPECT_THAT(world.removed, IsEmpty());
}

}  // namespace
}  // namespace koshin::test
