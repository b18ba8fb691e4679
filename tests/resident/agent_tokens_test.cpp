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
  static std::string uri_in(const std::string& slot) { return "pkcs11:serial=1;slot-description=" + slot; }
  /// As the worker tells of them: while there are two, the URI names the slot.
  void inspect(std::vector<messages::TokenReport> tokens) {
    if (tokens.size() > 1)
      for (auto& one : tokens)
        if (!one.slot_description.empty()) one.uri = uri_in(one.slot_description);
    agent().on_slot_event("/first.so");
    agent().on_inspected(seen(std::move(tokens)));
  }
};

TEST_F(Twins, AreBothThere) {
  inspect({token(200, "1", "Slot A"), token(12, "1", "Slot B")});
  EXPECT_THAT(agent().tokens().all(), SizeIs(2));
  EXPECT_THAT(world.published, SizeIs(2));
  for (const auto& place : world.settlements) EXPECT_EQ(place.uri, uri_in("Slot A"));
  ASSERT_THAT(world.prompts, SizeIs(1));
  EXPECT_EQ(world.prompts[0].days_left, 12);
  EXPECT_EQ(world.memory.kept.at(0).last_decision, "due");
}

TEST_F(Twins, WhicheverIsDueIsTold) {
  inspect({token(12, "1", "Slot A"), token(200, "1", "Slot B")});
  ASSERT_THAT(world.prompts, SizeIs(1));
  EXPECT_EQ(world.prompts[0].days_left, 12);
  for (const auto& place : world.settlements) EXPECT_EQ(place.uri, uri_in("Slot B"));
  EXPECT_EQ(world.memory.kept.at(0).last_decision, "due");
}

TEST_F(Twins, BothOfWhichAreDueAreToldOfEachForItself) {
  auto a = token(12, "1", "Slot A"), b = token(9, "1", "Slot B");
  b.certificates.front().sha256 = "beef1";
  inspect({a, b});
  ASSERT_THAT(world.prompts, SizeIs(2));
  EXPECT_EQ(world.prompts[0].place.uri, uri_in("Slot A"));
  EXPECT_EQ(world.prompts[1].place.uri, uri_in("Slot B"));
  inspect({a, b});
  inspect({a, b});
  EXPECT_THAT(world.prompts, SizeIs(2))
      << "what was told of one is not news because the other was told of since";
  inspect({token(360, "1", "Slot A"), b});
  ASSERT_THAT(world.settlements, SizeIs(1)) << "the message about the one that was renewed is taken back";
  EXPECT_EQ(world.settlements[0].uri, uri_in("Slot A"));
}

TEST_F(Twins, ManyOfADullSerialNumberAreEachToldOfOnceAndEachHasItsOwnRecord) {
  std::vector<messages::TokenReport> all;
  for (const char* slot : {"Slot A", "Slot B", "Slot C"}) {
    auto& one = all.emplace_back(token(12, "0000000000000000", slot));
    one.certificates.front().sha256 = std::string("cafe") + slot[5];
    one.private_objects_hidden = true;
  }
  renewal::Record unfinished;
  unfinished.token = renewal::token_key(all[1]);
  unfinished.token_label = all[1].label;
  unfinished.state = renewal::State::requested;
  unfinished.old_sha256 = all[1].certificates.front().sha256;
  unfinished.key_id = {7};
  unfinished.changed = world.clock;
  world.memory.records = {unfinished};
  for (int looks = 0; looks < 3; ++looks) inspect(all);
  ASSERT_THAT(agent().tokens().all(), SizeIs(3));
  EXPECT_EQ(agent().tokens().all().at(0).banks.at(0).decision, Decision::due);
  EXPECT_EQ(agent().tokens().all().at(1).banks.at(0).decision, Decision::resume_unfinished);
  EXPECT_EQ(agent().tokens().all().at(2).banks.at(0).decision, Decision::due);
  EXPECT_THAT(world.prompts, SizeIs(3));
}

TEST_F(Twins, OneThatIsPutOffIsQuietAndTheOtherIsNot) {
  auto a = token(12, "1", "Slot A"), b = token(9, "1", "Slot B");
  b.certificates.front().sha256 = "beef1";
  inspect({a, b});
  world.memory.kept.at(0).told_sha256 = "cafe1";  // as the page of the first one writes it
  world.memory.kept.at(0).snoozed_at = world.clock;
  inspect({a, b});
  EXPECT_EQ(agent().tokens().all().at(0).banks.at(0).decision, Decision::snoozed);
  EXPECT_EQ(agent().tokens().all().at(1).banks.at(0).decision, Decision::due);
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
  EXPECT_EQ(agent().tokens().all().front().banks.front().decision, Decision::due);
}

TEST_F(Twins, OneTokenThatIsInAnotherSlotIsStillThatToken) {
  inspect({token(12, "1", "Slot A")});
  inspect({token(12, "1", "Slot B")});
  EXPECT_THAT(agent().tokens().all(), SizeIs(1));
  EXPECT_THAT(world.removed, IsEmpty());
}

TEST_F(Twins, TheConversationAboutTheFirstOneFollowsItsNewName) {
  inspect({token(12, "1", "Slot A")});
  EXPECT_EQ(world.prompts.at(0).place.uri, "pkcs11:serial=1");
  auto other = token(9, "1", "Slot B");
  other.certificates.front().sha256 = "beef1";
  inspect({token(12, "1", "Slot A"), other});
  EXPECT_THAT(world.renamed,
              ElementsAre(std::pair<std::string, std::string>("pkcs11:serial=1", uri_in("Slot A"))));
  EXPECT_EQ(world.prompts.back().place.uri, uri_in("Slot B"));
  inspect({token(12, "1", "Slot A")});
  EXPECT_THAT(world.removed, SizeIs(1));
  EXPECT_EQ(world.renamed.back().second, "pkcs11:serial=1");
}

}  // namespace
}  // namespace koshin::test
