// SPDX-License-Identifier: MIT
// The key that a renewal with two legs leaves in its spare slot: deleted where card and libykpiv can do it.
// Debian 12's libykpiv cannot; a double stands before it (ykpiv_double.c), and the card is the one that
// answers.
#include <algorithm>

#include "management_key_fixture.hpp"
#include "support/environment.hpp"

namespace koshin::cards {
namespace {

using testing::Contains;
using testing::Not;

class EmptySlot : public ManagementKeyTest {
 protected:
  void SetUp() override {
#ifdef KOSHIN_YKPIV_DOUBLE
    ManagementKeyTest::SetUp();
#else
    GTEST_SKIP() << "SKIPPED: there is no libykpiv to stand before";
#endif
  }
  void plug_new_one(const std::function<void(CardState&)>& how, bool moves_keys = true) {
    plug_one_with([&](CardState& state) {
      how(state);
      state.moves_keys = moves_keys;
    });
  }
  /// Renews both legs; the card has one pair afterwards, in 9a, and no other key.
  void expect_emptied(const Given& given) {
    const auto run = stage->renew(given);
    EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
    const CardState state = stage->card().state();
    EXPECT_EQ(state.keys.size(), 1U);
    EXPECT_TRUE(CardStage::has_pair(state, authentication_slot));
    EXPECT_EQ(state.pin.tries_left, 3U);
  }

  static std::vector<std::string> after_the_last_write(const std::vector<std::string>& commands) {
    const auto last_write = std::find(commands.rbegin(), commands.rend(), "db 3f ff");
    EXPECT_NE(last_write, commands.rend());
    return {last_write.base(), commands.end()};
  }

#ifdef KOSHIN_YKPIV_DOUBLE
  const test::ScopedEnvironment moving_{{ { "LD_LIBRARY_PATH", KOSHIN_YKPIV_DOUBLE } }};
#endif
};

/// To fetch that key, koshin would have to present the PIN itself and hold the key.
TEST_F(EmptySlot, keeps_its_key_where_the_management_key_is_behind_the_pin) {
  plug_new_one([](CardState& state) { protect_management_key(state); });
  expect_renewed(renew_with_pin());
  EXPECT_EQ(stage->card().state().keys.size(), 2U);
  const auto commands = stage->card().commands();
  EXPECT_THAT(commands, Not(Contains("f6 ff 82")));
  const auto behind = after_the_last_write(commands);
  EXPECT_THAT(behind, Not(Contains("20 00 80"))) << "VERIFY";
  EXPECT_THAT(behind, Not(Contains("cb 3f ff"))) << "PRINTED would be read after the PIN";
}

TEST_F(EmptySlot, has_no_key_with_a_derived_management_key) {
  plug_new_one([](CardState& state) { derive_management_key(state, card_pin); });
  expect_emptied({card_pin, {}, {}});
}

TEST_F(EmptySlot, has_no_key_with_a_given_management_key_and_is_used_by_the_next_renewal) {
  plug_new_one([](CardState&) {});
  expect_emptied({card_pin, management_key_in_hexadecimal(), {}});
  const auto run = stage->renew_once_more();
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_EQ(stage->card().state().keys.size(), 1U);
  EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
}

TEST_F(EmptySlot, keeps_its_key_on_an_older_card_and_no_secret_is_presented_for_it) {
  plug_new_one([](CardState& state) { derive_management_key(state, card_pin); }, false);
  expect_renewed(renew_with_pin());
  const auto commands = stage->card().commands();
  EXPECT_THAT(commands, Not(Contains("f6 ff 82")));
  const auto behind = after_the_last_write(commands);
  EXPECT_THAT(behind, Contains("a4 04 00")) << "libykpiv has looked at its firmware";
  EXPECT_THAT(behind, Not(Contains("87 03 9b")));
}

/// A key cannot be had back, and nobody was asked.
TEST_F(EmptySlot, keeps_a_key_that_an_earlier_job_has_made) {
  plug_new_one([](CardState&) {});
  stage->use_settings("renewal.home_slot = \"never\"\n");
  expect_renewed(stage->renew());
  stage->use_settings("");
  const auto home = stage->renew();
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(home.last)) << home.in_words();
  const CardState state = stage->card().state();
  EXPECT_TRUE(CardStage::has_pair(state, authentication_slot));
  EXPECT_FALSE(CardStage::has_pair(state, first_retired_slot)) << "its certificate is deleted";
  EXPECT_EQ(state.keys.count(first_retired_slot), 1U);
  EXPECT_THAT(stage->card().commands(), Not(Contains("f6 ff 82")));
}

TEST_F(EmptySlot, keeps_a_key_for_which_something_may_have_been_enciphered) {
  plug_new_one([](CardState&) {});
  stage->bank().set("enciphers", "1");
  const auto run = stage->renew();
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
  EXPECT_EQ(stage->card().state().keys.count(first_retired_slot), 1U);
  EXPECT_THAT(stage->card().commands(), Not(Contains("f6 ff 82")));
}

/// The renewal is complete by then, and the next one writes over the key.
TEST_F(EmptySlot, keeps_its_key_where_the_card_is_pulled_and_the_renewal_is_complete) {
  plug_new_one([](CardState& state) { derive_management_key(state, card_pin); });
  expect_emptied({card_pin, {}, {}});
  const auto commands = stage->card().commands();
  const auto moved = std::find(commands.begin(), commands.end(), "f6 ff 82");
  ASSERT_NE(moved, commands.end());
  for (const auto number : {moved - commands.begin() + 1, moved - commands.begin()}) {
    stage->start_over();
    stage->plug({Fault::Kind::pulled_before, static_cast<unsigned>(number)});
    expect_renewed(renew_with_pin());
    EXPECT_TRUE(stage->card().struck());
    stage->pull();
  }
}

}  // namespace
}  // namespace koshin::cards
