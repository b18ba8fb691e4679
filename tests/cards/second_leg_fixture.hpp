// SPDX-License-Identifier: MIT
// A PIV card at real ykcs11 whose renewal has two legs, and the ways to interrupt it between them.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "card_stage.hpp"
#include "cli/program_run.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::cards {

inline const std::string spare_slot_only = "renewal.home_slot = \"never\"\n";

class SecondLegTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
    stage.emplace();
    stage->plug();
  }

  Given all_secrets(const std::string& code = {}) const {
    return {card_pin, management_key_in_hexadecimal(), code};
  }
  JobRun enroll(const std::string& code) {
    messages::Job job;
    job.kind = messages::JobKind::enroll;
    job.subject_user = test::default_user;
    return stage->run(std::move(job), all_secrets(code));
  }
  /// The command line, with both secrets on its standard input.
  test::RunResult koshin(std::vector<std::string> arguments) {
    const bool officer = arguments.back() == "--so-pin-stdin";
    arguments.insert(arguments.end(), {"--settings", stage->settings().string()});
    const std::string pin = std::string(card_pin) + "\n";
    return test::run_koshin(arguments, officer ? pin + management_key_in_hexadecimal() + "\n" : pin);
  }
  JobRun prune() {
    messages::Job job;
    job.kind = messages::JobKind::prune;
    return stage->run(std::move(job), all_secrets());
  }
  void expect_renewed(const JobRun& run) {
    EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
    for (const auto& loss : stage->losses(run)) ADD_FAILURE() << loss;
  }
  /// The first leg, as if the run had ended before the second.
  void renew_into_spare_slot() {
    stage->use_settings(spare_slot_only);
    expect_renewed(stage->renew());
    stage->use_settings("");
  }
  /// The number of the last command that begins so in an undisturbed renewal with both legs.
  unsigned last_command(const std::string& beginning) {
    expect_renewed(stage->renew());
    return stage->number_of_last(beginning);
  }
  /// A renewal whose card is pulled once the second leg has made its key.
  CardState cut_after_second_key() {
    const unsigned generation = last_command("47");
    stage->start_over();
    stage->plug({Fault::Kind::answer_lost, generation});
    const auto run = stage->renew();
    EXPECT_TRUE(stage->card().struck());
    EXPECT_EQ(run.failure(), Reason::token_removed) << run.in_words();
    EXPECT_THAT(run.notices, testing::Contains("home_slot_emptied"));
    stage->pull();
    const CardState state = stage->card().state();
    EXPECT_TRUE(CardStage::has_pair(state, first_retired_slot)) << "this one logs in";
    EXPECT_FALSE(CardStage::has_pair(state, authentication_slot));
    return state;
  }

  std::optional<CardStage> stage;
};

}  // namespace koshin::cards
