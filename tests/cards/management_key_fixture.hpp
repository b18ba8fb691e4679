// SPDX-License-Identifier: MIT
// A PIV card at real ykcs11 whose management key is to be had with its PIN, or is not.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "card_stage.hpp"
#include "foundation/failures/failure.hpp"
#include "piv_pin_only.hpp"

namespace koshin::cards {

class ManagementKeyTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = CardStage::missing(); !why.empty()) GTEST_SKIP() << "SKIPPED: " << why;
    stage.emplace();
  }
  void plug_one_with(const std::function<void(CardState&)>& how) {
    stage->hand_out(how);
    stage->plug();
  }
  void plug_protected(Algorithm algorithm = Algorithm::triple_des) {
    plug_one_with([&](CardState& state) { protect_management_key(state, algorithm); });
  }
  void plug_derived() {
    plug_one_with([](CardState& state) { derive_management_key(state, card_pin); });
  }
  /// One whose management key an administrator alone knows.
  void plug_ordinary() {
    plug_one_with([](CardState& state) { state.management_key.back() ^= 0x0EU; });
  }
  JobRun renew_with_pin(const std::string& pin = card_pin) { return stage->renew({pin, {}, {}}); }
  JobRun run_with_pin(messages::JobKind kind, const std::string& pin = card_pin) {
    messages::Job job;
    job.kind = kind;
    return stage->run(std::move(job), {pin, {}, {}});
  }
  void expect_renewed(const JobRun& run) {
    EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
    for (const auto& loss : stage->losses(run)) ADD_FAILURE() << loss;
  }
  /// Nothing was made, nobody was asked to issue anything, and no try of the PIN is gone.
  void expect_untouched() {
    EXPECT_EQ(stage->card().state(), stage->first_state());
    EXPECT_EQ(stage->issued(), 0U);
  }
  std::string detail(const JobRun& run) {
    const auto* failure = std::get_if<Failure>(&run.last);
    return failure == nullptr ? run.in_words() : failure->detail;
  }
  std::optional<messages::ManagementKey> inspected() {
    const auto run = run_with_pin(messages::JobKind::inspect, "");
    const auto* found = std::get_if<messages::InspectResult>(&run.last);
    if (found == nullptr || found->tokens.size() != 1) return std::nullopt;
    return found->tokens[0].management_key;
  }
  /// The doctor's word about the management key: status, finding and reason.
  std::string examined(const std::string& pin = card_pin) {
    const auto run = run_with_pin(messages::JobKind::doctor, pin);
    const auto* result = std::get_if<messages::DoctorResult>(&run.last);
    if (result == nullptr) return run.in_words();
    for (const auto& check : result->checks)
      if (check.id == "security_officer")
        return check.status + " " + check.finding +
               (check.reason ? " " + std::string(info(*check.reason).id) : "");
    return "not examined";
  }

  std::optional<CardStage> stage;
};

}  // namespace koshin::cards
