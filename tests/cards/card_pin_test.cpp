// SPDX-License-Identifier: MIT
// The PIN of a PIV card through the real ykcs11 and libykpiv: changed with the PIN, set with the PUK, and cut
// off at each command of either.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "card_stage.hpp"
#include "cuts.hpp"
#include "faults/sweep.hpp"
#include "piv_pin_only.hpp"
#include "renewal/policy/pin_change.hpp"

namespace koshin::cards {
namespace {

using messages::JobKind;
using testing::HasSubstr;

constexpr const char* next_pin = "864209";
constexpr const char* right_puk = "12345678";

class CardPin : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
    stage.emplace();
  }
  JobRun run(JobKind kind, const Given& given) const {
    messages::Job job;
    job.kind = kind;
    return stage->run(job, given);
  }
  JobRun change(const std::string& pin = card_pin, const std::string& wanted = next_pin) const {
    return run(JobKind::change_pin, {.pin = pin, .so_pin = {}, .code = {}, .new_pin = wanted});
  }
  JobRun unlock(const std::string& puk = right_puk, const std::string& wanted = next_pin) const {
    return run(JobKind::reset_pin, {.pin = {}, .so_pin = {}, .code = {}, .puk = puk, .new_pin = wanted});
  }
  Secret pin() { return stage->card().state().pin; }
  Secret puk() { return stage->card().state().puk; }

  std::optional<CardStage> stage;
};

bool was_set(const JobRun& run) {
  return std::holds_alternative<messages::PinResult>(run.last);
}

TEST_F(CardPin, is_changed_with_one_try_of_it_and_the_renewal_takes_the_new_one) {
  stage->plug();
  const auto run = change();
  EXPECT_TRUE(was_set(run)) << run.in_words();
  EXPECT_EQ(pin().value, next_pin);
  EXPECT_EQ(pin().tries_left, pin().tries);
  const auto renewed = stage->renew({next_pin, management_key_in_hexadecimal(), {}});
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(renewed.last)) << renewed.in_words();
}

TEST_F(CardPin, that_is_wrong_costs_one_try) {
  stage->plug();
  const auto run = change("654321");
  EXPECT_EQ(run.failure(), Reason::pin_incorrect) << run.in_words();
  EXPECT_EQ(pin().tries_left, pin().tries - 1);
  EXPECT_EQ(pin().value, card_pin);
}

TEST_F(CardPin, has_six_to_eight_digits_and_what_has_not_is_not_sent) {
  stage->plug();
  for (const char* wrong : {"86420", "864209753", "8642a9", "123456", "111111", "987654"}) {
    const auto run = change(card_pin, wrong);
    EXPECT_EQ(run.failure(), Reason::new_pin_refused) << wrong << ": " << run.in_words();
    EXPECT_EQ(unlock(right_puk, wrong).failure(), Reason::new_pin_refused) << wrong;
  }
  EXPECT_EQ(unlock("12345").failure(), Reason::puk_incorrect);
  EXPECT_EQ(unlock("").failure(), Reason::puk_incorrect);
  EXPECT_EQ(pin().tries_left, pin().tries);
  EXPECT_EQ(puk().tries_left, puk().tries);
}

TEST_F(CardPin, that_is_locked_is_set_anew_with_the_puk) {
  stage->change([](CardState& state) { state.pin.tries_left = 0; });
  stage->plug();
  EXPECT_EQ(change().failure(), Reason::pin_locked);
  const auto run = unlock();
  EXPECT_TRUE(was_set(run)) << run.in_words();
  EXPECT_EQ(pin().value, next_pin);
  EXPECT_EQ(pin().tries_left, pin().tries);
  EXPECT_EQ(puk().tries_left, puk().tries);
  const auto renewed = stage->renew({next_pin, management_key_in_hexadecimal(), {}});
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(renewed.last)) << renewed.in_words();
}

TEST_F(CardPin, is_not_set_with_a_wrong_puk_and_the_tries_left_are_told) {
  stage->plug();
  const auto wrong = unlock("87654321");
  EXPECT_EQ(wrong.failure(), Reason::puk_incorrect);
  EXPECT_THAT(wrong.in_words(), HasSubstr("tries left: 2"));
  EXPECT_EQ(puk().tries_left, 2U);
  EXPECT_EQ(unlock("87654321").failure(), Reason::puk_incorrect);
  const auto last = unlock("87654321");
  EXPECT_EQ(last.failure(), Reason::puk_incorrect);
  EXPECT_THAT(last.in_words(), HasSubstr("no try is left"));
  EXPECT_EQ(pin().value, card_pin);
}

/// Changed by koshin, the key could not be derived any more.
TEST_F(CardPin, that_the_management_key_is_derived_from_stays) {
  stage->hand_out([](CardState& state) { derive_management_key(state, card_pin); });
  stage->plug();
  for (const auto& run : {change(), unlock()}) {
    EXPECT_EQ(run.failure(), Reason::pin_change_unsupported) << run.in_words();
    EXPECT_THAT(run.in_words(), HasSubstr("derived from its PIN"));
  }
  EXPECT_EQ(pin().value, card_pin);
  EXPECT_EQ(puk().tries_left, puk().tries);
}

/// ykcs11 2.2.0 cannot use a key in AES, and the PIN has to stay all the same.
TEST_F(CardPin, that_a_key_in_aes_is_derived_from_stays) {
  stage->hand_out([](CardState& state) {
    derive_management_key(state, card_pin);
    state.management_algorithm = Algorithm::aes_192;  // 24 bytes, as 3DES
  });
  stage->plug();
  for (const auto& run : {change(), unlock()})
    EXPECT_EQ(run.failure(), Reason::pin_change_unsupported) << run.in_words();
  EXPECT_EQ(pin().value, card_pin);
  EXPECT_EQ(puk().tries_left, puk().tries);
}

TEST_F(CardPin, behind_which_the_management_key_is_kept_renews_afterwards) {
  stage->hand_out([](CardState& state) { protect_management_key(state); });
  stage->plug();
  const auto run = change();
  EXPECT_TRUE(was_set(run)) << run.in_words();
  const auto renewed = stage->renew({next_pin, {}, {}});
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(renewed.last)) << renewed.in_words();
}

struct Way {
  const char* name;
  const char* words;
  bool with_puk;
};

void PrintTo(const Way& way, std::ostream* out) {
  *out << way.name;
}

constexpr unsigned shares = 8;

class CardPinSweep : public CardPin, public testing::WithParamInterface<std::tuple<Way, CutKind>> {
 protected:
  JobRun once() { return std::get<0>(GetParam()).with_puk ? unlock() : change(); }
  /// An eighth of the commands, which the commit chooses, and the last ones, which present secrets, in each
  /// run.
  static std::vector<unsigned> points(std::size_t commands) {
    constexpr unsigned last_ones = 8;
    const auto count = static_cast<unsigned>(commands);
    const unsigned before = count > last_ones ? count - last_ones : 0;
    auto points = faults::points_of_this_run(before, shares);
    for (unsigned number = before + 1; number <= count; ++number) points.push_back(number);
    return points;
  }
  /// What is not true of what was told, or was lost.
  std::vector<std::string> lies(const JobRun& run) {
    std::vector<std::string> found;
    const bool is_old = pin().value == card_pin, is_new = pin().value == next_pin;
    if (is_old == is_new) found.push_back("the card's PIN is neither");
    if (pin().tries_left != pin().tries || puk().tries_left != puk().tries)
      found.emplace_back("tries were spent");
    renewal::PinChangeWatch watch;
    for (const std::string& code : run.notices) watch.on_event(messages::NoticeEvent{code, {}});
    const auto* failure = std::get_if<Failure>(&run.last);
    if (failure == nullptr && !is_new) found.emplace_back("the PIN is said to be changed and is not");
    if (failure == nullptr) return found;
    const Reason told = watch.fate(*failure).reason;
    if (told != Reason::pin_change_unknown && !is_old)
      found.push_back("the PIN was changed, and this is told: " + run.in_words());
    if (blames_somebody(told) || told == Reason::puk_incorrect || told == Reason::new_pin_refused)
      found.push_back("a secret is blamed: " + run.in_words());
    return found;
  }
};

TEST_P(CardPinSweep, tells_the_truth_at_any_command) {
  const CutKind kind = std::get<1>(GetParam());
  stage->plug();
  ASSERT_TRUE(was_set(once()));
  const auto commands = stage->card().commands();
  faults::Tally tally;
  for (const unsigned number : points(commands.size())) {
    stage->start_over();
    stage->plug(kind.at(number));
    const auto run = once();
    EXPECT_TRUE(stage->card().struck()) << number << " was never reached";
    tally.add(
        std::string(kind.words) + " command " + std::to_string(number) + " (" + commands[number - 1] + ")",
        lies(run));
  }
  tally.report(std::string(std::get<0>(GetParam()).words) + ", " + kind.words + " a command");
}

INSTANTIATE_TEST_SUITE_P(Ykcs11, CardPinSweep,
                         testing::Combine(testing::Values(Way{"change", "changed with the PIN", false},
                                                          Way{"puk", "set with the PUK", true}),
                                          testing::Values(pulled_before, answer_lost, fault)),
                         [](const auto& about) {
                           return std::string(std::get<0>(about.param).name) + "_" +
                                  std::get<1>(about.param).name;
                         });

}  // namespace
}  // namespace koshin::cards
