// SPDX-License-Identifier: MIT
// What the agent decides about what shows only with the PIN, and about another token's journal.
#include "decision_fixture.hpp"

namespace koshin::renewal {
namespace {

using test::at;

TEST_F(Deciding, ThePersonIsAskedToLookOnceADayAndAtAnInsertionOnly) {
  token.certificates.clear();
  token.private_objects_hidden = true;
  EXPECT_FALSE(decide_at("2026-11-20T00:00:00Z").notify);
  EXPECT_TRUE(decide_at("2026-11-20T00:00:00Z", Trigger::insertion).notify);
  memory.last_notified = at("2026-11-19T12:00:00Z");
  EXPECT_FALSE(decide_at("2026-11-20T00:00:00Z", Trigger::insertion).notify);
  EXPECT_TRUE(decide_at("2026-11-20T12:00:00Z", Trigger::insertion).notify);
}

TEST_F(Deciding, AnUnfinishedRenewalOfAnotherTokenWithThisSerialNumberIsNotResumed) {
  begin(State::generated);
  unfinished->old_sha256 = "bb";
  unfinished->key_id = {0x0b};
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::due);
  token.private_objects_hidden = true;
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::due) << "the labels differ";
  unfinished->token_label = token.label;
  EXPECT_EQ(decide_at("2026-11-20T00:00:00Z").decision, Decision::resume_unfinished)
      << "its key may be hidden";
}

}  // namespace
}  // namespace koshin::renewal
