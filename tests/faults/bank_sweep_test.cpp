// SPDX-License-Identifier: MIT
// Everything the bank can do wrong, once, then the same renewal again with a bank that behaves. And wrong
// PINs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>

#include "faults/trial.hpp"

namespace koshin::faults {
namespace {

struct Wrong {
  const char* name;
  const char* value;
  Reason reason;
  std::size_t issued;        ///< certificates that the bank has issued when all is over
  std::size_t renewals = 1;  ///< in the journal: a refusal ends one, and the next goes on with its key
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.name << "=" << wrong.value;
}

class BankSweep : public testing::TestWithParam<Wrong> {};

TEST_P(BankSweep, is_reported_by_its_reason_and_loses_nothing) {
  const auto& wrong = GetParam();
  Stage stage;
  Trial trial(stage);
  trial.expect(wrong.issued, wrong.renewals);
  stage.bank().set(wrong.name, wrong.value);
  const auto first = trial.renew();
  EXPECT_EQ(first.failure(), wrong.reason) << to_json(first.last);
  for (const auto& damage : trial.damage()) ADD_FAILURE() << "first run: " << damage;
  stage.bank().set(wrong.name, "0");
  const auto losses = trial.losses(trial.renew());
  for (const auto& loss : losses) ADD_FAILURE() << loss;
  std::cout << "swept 1 point (bank: " << wrong.name << "=" << wrong.value << "): " << losses.size()
            << " losses" << std::endl;
}

INSTANTIATE_TEST_SUITE_P(
    Switches, BankSweep,
    testing::Values(Wrong{"drop_handshake", "always", Reason::authority_unreachable, 1},
                    Wrong{"drop_before_issue", "always", Reason::authority_unreachable, 1},
                    Wrong{"drop_after_issue", "always", Reason::authority_unreachable, 1},
                    Wrong{"truncate", "always", Reason::authority_response_invalid, 1},
                    Wrong{"garbage", "always", Reason::authority_response_invalid, 1},
                    Wrong{"oversize", "always", Reason::authority_response_too_large, 1},
                    Wrong{"wrong_key", "1", Reason::issued_key_mismatch, 2},
                    Wrong{"wrong_subject", "1", Reason::issued_subject_changed, 2},
                    Wrong{"wrong_san", "1", Reason::issued_san_changed, 2},
                    Wrong{"expired", "1", Reason::issued_validity_invalid, 2},
                    Wrong{"shorter", "1", Reason::issued_validity_invalid, 2},
                    Wrong{"not_yet_valid", "1", Reason::issued_validity_invalid, 2},
                    Wrong{"wrong_issuer", "1", Reason::issued_chain_untrusted, 2},
                    Wrong{"wrong_usage", "1", Reason::issued_usage_changed, 2},
                    Wrong{"status", "500:out of order", Reason::authority_error, 1},
                    Wrong{"status", "503:busy", Reason::authority_busy, 1},
                    Wrong{"status", "403:not today", Reason::authority_refused, 1, 2},
                    Wrong{"status", "401:who are you", Reason::authority_authentication_failed, 1},
                    Wrong{"cacerts.status", "500", Reason::authority_error, 1},
                    Wrong{"cacerts.garbage", "always", Reason::authority_response_invalid, 1},
                    Wrong{"redirect", "https://elsewhere.example", Reason::authority_redirect_refused, 1},
                    Wrong{"redirect", "loop", Reason::authority_response_invalid, 1}),
    [](const auto& item) {
      std::string name = std::string(item.param.name) + "_" + item.param.value;
      for (auto& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
      return name;
    });

class BankSweepSlow : public testing::TestWithParam<const char*> {};

TEST_P(BankSweepSlow, a_bank_that_does_not_answer_in_time_loses_nothing) {
  Stage stage;
  Trial trial(stage, "authority.request_timeout = 2\n");
  stage.bank().set(GetParam(), "6000");
  const auto first = trial.renew();
  EXPECT_EQ(first.failure(), Reason::authority_timeout) << to_json(first.last);
  for (const auto& damage : trial.damage()) ADD_FAILURE() << "first run: " << damage;
  stage.bank().set(GetParam(), "0");
  for (const auto& loss : trial.losses(trial.renew())) ADD_FAILURE() << loss;
}

INSTANTIATE_TEST_SUITE_P(Switches, BankSweepSlow, testing::Values("cacerts.slow", "simplereenroll.slow"),
                         [](const auto& item) {
                           return std::string(item.param).substr(0, std::string(item.param).find('.'));
                         });

TEST(BankSweepPending, a_pending_request_is_polled_with_the_same_key) {
  Stage stage;
  Trial trial(stage);
  stage.bank().set("pending", "1");
  stage.bank().set("retry_after", "1");
  const auto first = trial.renew();
  ASSERT_TRUE(std::holds_alternative<messages::PendingResult>(first.last)) << to_json(first.last);
  auto last = trial.renew();
  for (int poll = 0; poll < 100 && std::holds_alternative<messages::PendingResult>(last.last); ++poll)
    last = trial.renew();
  for (const auto& loss : trial.losses(last)) ADD_FAILURE() << loss;
}

TEST(PinSweep, a_wrong_pin_costs_one_try_and_nothing_else) {
  Stage stage;
  Trial trial(stage);
  const auto wrong = trial.renew({}, std::chrono::seconds(60), {}, "0987654321");
  EXPECT_EQ(wrong.failure(), Reason::pin_incorrect) << to_json(wrong.last);
  EXPECT_EQ(wrong.calls.calls("C_Login"), 1U);
  EXPECT_EQ(wrong.calls.calls("C_GenerateKeyPair"), 0U);
  EXPECT_EQ(stage.bank().issued(), 0U);
  messages::Job insisting;
  insisting.kind = messages::JobKind::renew;
  insisting.insist_count_low = true;
  const auto right = trial.run(insisting, {}, std::chrono::seconds(60), {}, test::SoftHsm::default_pin);
  for (const auto& loss : trial.losses(right)) ADD_FAILURE() << loss;
}

TEST(PinSweep, a_pin_that_cannot_be_right_costs_no_try) {
  Stage stage;
  Trial trial(stage);
  Plan plan;
  plan.pin_max = 12;
  for (const std::string pin : {"12", "1234567890123"}) {
    const auto run = trial.renew(plan, std::chrono::seconds(60), {}, pin);
    EXPECT_EQ(run.failure(), Reason::pin_length_invalid) << to_json(run.last);
    EXPECT_EQ(run.calls.calls("C_Login"), 0U);
  }
}

}  // namespace
}  // namespace koshin::faults
