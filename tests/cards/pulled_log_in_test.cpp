// SPDX-License-Identifier: MIT
// A card that is pulled while it is asked for a PIN or a management key, through the real ykcs11: whatever
// the module makes of that, it is about the card and not about the person's secret.
#include <gtest/gtest.h>

#include <algorithm>

#include "card_stage.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::cards {
namespace {

struct Cut {
  const char* name;
  Fault::Kind kind;
  const char* pin;
};

void PrintTo(const Cut& cut, std::ostream* out) {
  *out << cut.name;
}

class PulledLogIn : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
    stage.emplace();
    stage->plug();
    stage->renew();
    commands = stage->card().commands();
  }
  bool presents_secret(std::size_t number) const {
    return number >= 1 && number <= commands.size() &&
           (commands[number - 1].starts_with("20 ") || commands[number - 1].ends_with(" 9b"));
  }
  /// The numbers, from 1, of the commands with which a renewal presents the PIN (VERIFY) and the management
  /// key (GENERAL AUTHENTICATE with 9B), and of those before and after each; without the first, which
  /// selects.
  std::vector<unsigned> numbers() const {
    std::vector<unsigned> found;
    for (unsigned number = 2; number <= commands.size(); ++number) {
      if (presents_secret(number - 1) || presents_secret(number) || presents_secret(number + 1))
        found.push_back(number);
    }
    return found;
  }
  /// The number of the first command that begins so (INS, P1).
  unsigned first(const std::string& instruction) const {
    const auto found = std::ranges::find_if(
        commands, [&](const std::string& command) { return command.starts_with(instruction); });
    return static_cast<unsigned>(found - commands.begin()) + 1;
  }

  std::optional<CardStage> stage;
  std::vector<std::string> commands;  ///< of an undisturbed renewal
};

class PulledAtEach : public PulledLogIn, public testing::WithParamInterface<Cut> {};

TEST_P(PulledAtEach, command_it_is_about_the_card) {
  const Cut cut = GetParam();
  unsigned struck = 0;
  for (const unsigned number : numbers()) {
    stage->start_over();
    stage->plug({cut.kind, number});
    const auto run = stage->renew({cut.pin, management_key_in_hexadecimal(), {}});
    if (!stage->card().struck()) break;  // the wrong PIN was refused before
    ++struck;
    EXPECT_EQ(run.failure(), Reason::token_removed)
        << cut.name << " " << number << " (" << commands[number - 1] << "): " << run.in_words();
  }
  constexpr unsigned commands_of_one_log_in = 4;
  EXPECT_GE(struck, commands_of_one_log_in);
  std::printf("%s: %u commands\n", cut.name, struck);
}

INSTANTIATE_TEST_SUITE_P(Ykcs11, PulledAtEach,
                         testing::Values(Cut{"before", Fault::Kind::pulled_before, card_pin},
                                         Cut{"after", Fault::Kind::answer_lost, card_pin},
                                         Cut{"before_a_wrong_pin", Fault::Kind::pulled_before, "654321"},
                                         Cut{"after_a_wrong_pin", Fault::Kind::answer_lost, "654321"}),
                         [](const auto& about) { return std::string(about.param.name); });

/// The card has locked itself, and nobody was told: not this run, and the next one says so before any try.
TEST_F(PulledLogIn, after_the_last_try_is_about_the_card_and_then_about_the_locked_pin) {
  stage->start_over();
  stage->change([](CardState& state) { state.pin.tries_left = 1; });
  // The log-in's, right before the first signature; an empty VERIFY, which asks for the tries, came before.
  const unsigned verify = first("87 11") - 1;
  ASSERT_TRUE(presents_secret(verify)) << commands[verify - 1];
  messages::Job job;
  job.kind = messages::JobKind::renew;
  job.insist_final_try = job.insist_count_low = true;
  const Given wrong{"654321", management_key_in_hexadecimal(), {}};
  stage->plug({Fault::Kind::answer_lost, verify});
  const auto pulled = stage->run(job, wrong);
  ASSERT_TRUE(stage->card().struck());
  EXPECT_EQ(pulled.failure(), Reason::token_removed) << pulled.in_words();
  EXPECT_EQ(stage->card().state().pin.tries_left, 0U);
  stage->pull();
  stage->plug();
  const auto locked = stage->run(job, wrong);
  EXPECT_EQ(locked.failure(), Reason::pin_locked) << locked.in_words();
}

/// As after a reset by another program: the signature is refused, and no secret of a person's was wrong.
TEST_F(PulledLogIn, forgotten_by_the_card_is_no_wrong_pin) {
  stage->start_over();
  constexpr Status security_not_satisfied = 0x6982;
  stage->plug({Fault::Kind::refused, first("87 11"), security_not_satisfied});
  const auto run = stage->renew();
  ASSERT_TRUE(stage->card().struck());
  EXPECT_EQ(run.failure(), Reason::token_error) << run.in_words();
  EXPECT_EQ(stage->card().state().pin.tries_left, stage->card().state().pin.tries);
}

}  // namespace
}  // namespace koshin::cards
