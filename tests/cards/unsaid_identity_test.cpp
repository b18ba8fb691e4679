// SPDX-License-Identifier: MIT
// A card that does not answer, once, when the real ykcs11 asks it for its version or its serial number as it
// connects: the module shows another token then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>

#include "card_stage.hpp"

namespace koshin::cards {
namespace {

class UnsaidIdentity : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
    stage_ = std::make_unique<CardStage>();
  }
  /// The number of the first command that begins so in an undisturbed inspection.
  unsigned number_of_first(const std::string& beginning) {
    stage_->plug();
    messages::Job job;
    job.kind = messages::JobKind::inspect;
    stage_->run(std::move(job), {});
    const auto commands = stage_->card().commands();
    const auto first = std::find_if(commands.begin(), commands.end(),
                                    [&](const auto& command) { return command.starts_with(beginning); });
    if (first == commands.end()) throw std::runtime_error("the card got no command " + beginning);
    return static_cast<unsigned>(std::distance(commands.begin(), first)) + 1;
  }
  std::unique_ptr<CardStage> stage_;
};

std::string seen_as(const JobRun& run) {
  const auto* inspected = std::get_if<messages::InspectResult>(&run.last);
  if (inspected == nullptr || inspected->tokens.size() != 1) return run.in_words();
  const auto& token = inspected->tokens.front();
  return token.manufacturer + "|" + token.model + "|" + token.serial + "|" + token.label;
}

TEST_P(UnsaidIdentity, is_the_same_token_to_the_next_run) {
  const unsigned number = number_of_first(GetParam());
  stage_->plug({Fault::Kind::refused, number, 0x6F00});
  messages::Job job;
  job.kind = messages::JobKind::inspect;
  const auto while_silent = seen_as(stage_->run(job, {}));
  EXPECT_TRUE(stage_->card().struck());
  stage_->plug();
  const auto afterwards = seen_as(stage_->run(job, {}));
  EXPECT_THAT(afterwards, testing::HasSubstr("|12345678|"));
  EXPECT_EQ(while_silent, afterwards);
}

INSTANTIATE_TEST_SUITE_P(Ykcs11, UnsaidIdentity, testing::Values("fd 00 00", "f8 00 00"),
                         [](const auto& about) { return std::string(about.param).substr(0, 2); });

}  // namespace
}  // namespace koshin::cards
