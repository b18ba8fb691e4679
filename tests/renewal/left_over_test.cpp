// SPDX-License-Identifier: MIT
// Which pairs the journal says may be left on a token.
#include "renewal/policy/left_over.hpp"

#include <gtest/gtest.h>

namespace koshin::renewal {
namespace {

Record record(State state, std::uint8_t pair, const std::string& old = "a1") {
  Record one;
  one.token = {"maker", "model", "0123"};
  one.token_label = "demo";
  one.state = state;
  one.old_sha256 = old;
  one.key_id = {pair};
  one.public_key = {pair};
  return one;
}

TEST(LeftOver, IsThePairOfARenewalThatWasGivenUp) {
  const auto left = records_with_unused_pairs({record(State::abandoned, 1)}, {});
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left.front().key_id, Bytes{1});
}

TEST(LeftOver, IsNotWhatGoesOnIsDoneOrWasNeverMade) {
  for (const State state : {State::planned, State::requested, State::written, State::completed})
    EXPECT_TRUE(records_with_unused_pairs({record(state, 1)}, {}).empty()) << to_string(state);
  Record never_made = record(State::abandoned, 1);
  never_made.public_key.clear();
  EXPECT_TRUE(records_with_unused_pairs({never_made}, {}).empty());
  Record old_key = record(State::abandoned, 1);
  old_key.same_key = true;
  EXPECT_TRUE(records_with_unused_pairs({old_key}, {}).empty());
}

TEST(LeftOver, IsNotWhatALaterRenewalHasTakenUp) {
  EXPECT_TRUE(
      records_with_unused_pairs({record(State::requested, 1), record(State::abandoned, 1)}, {}).empty());
  EXPECT_EQ(records_with_unused_pairs({record(State::requested, 2), record(State::abandoned, 1)}, {}).size(),
            1U);
  EXPECT_EQ(records_with_unused_pairs({record(State::abandoned, 1), record(State::abandoned, 1)}, {}).size(),
            1U)
      << "told of once";
}

TEST(LeftOver, IsNotWhatALaterCompletedRenewalHasRemoved) {
  EXPECT_TRUE(
      records_with_unused_pairs({record(State::completed, 2), record(State::abandoned, 1)}, {}).empty());
  EXPECT_EQ(records_with_unused_pairs({record(State::abandoned, 1), record(State::completed, 2)}, {}).size(),
            1U);
  EXPECT_EQ(
      records_with_unused_pairs({record(State::completed, 2, "b2"), record(State::abandoned, 1)}, {}).size(),
      1U)
      << "another certificate's";
  Record elsewhere = record(State::completed, 2);
  elsewhere.token.serial = "4567";
  EXPECT_EQ(records_with_unused_pairs({elsewhere, record(State::abandoned, 1)}, {}).size(), 1U);
}

TEST(NoteOfUntoldKey, IsNoRenewalAndGivesItsSlotBackAfterAMonth) {
  Record planned = record(State::planned, 5);
  planned.number = 7;
  planned.public_key.clear();
  planned.key_algorithm = "ec-p256";
  Record note = note_of_untold_key(planned, Bytes{9});
  EXPECT_TRUE(is_note_of_untold_key(note));
  EXPECT_EQ(note.number, 0) << "an entry of its own";
  EXPECT_EQ(note.old_sha256, "") << "of no certificate";
  EXPECT_TRUE(records_with_unused_pairs({note}, {}).empty());
  EXPECT_TRUE(latest_abandoned({note}).empty());
  note.changed = TimePoint{} + std::chrono::days(1000);
  EXPECT_FALSE(is_given_back(note, note.changed + std::chrono::days(29)));
  EXPECT_FALSE(is_given_back(note, note.changed - std::chrono::days(100))) << "the clock was set back";
  EXPECT_TRUE(is_given_back(note, note.changed + std::chrono::days(30)));
  Record refused = record(State::abandoned, 5);
  refused.pair_refused = true;
  refused.last_failure = Failure{Reason::authority_refused, "no", {}};
  EXPECT_FALSE(is_note_of_untold_key(refused));
  EXPECT_EQ(latest_abandoned({note, refused}).size(), 1U) << "the note does not hide it";
}

TEST(GivenUp, IsTheLastRecordOfATokenThatSaysWhy) {
  Record refused = record(State::abandoned, 1);
  refused.last_failure = Failure{Reason::authority_refused, "no", {}};
  EXPECT_EQ(latest_abandoned({refused}).size(), 1U);
  EXPECT_EQ(latest_abandoned({refused, refused}).size(), 1U) << "told of once";
  EXPECT_TRUE(latest_abandoned({record(State::completed, 2), refused}).empty());
  EXPECT_TRUE(latest_abandoned({record(State::requested, 2), refused}).empty());
  EXPECT_TRUE(latest_abandoned({record(State::abandoned, 1)}).empty()) << "nothing to say";
}

}  // namespace
}  // namespace koshin::renewal
