// SPDX-License-Identifier: MIT
// The slots of a PIV card that a renewal has planned, and others fill; and a card whose slots are full.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "faults/piv_placeholder.hpp"
#include "faults/piv_trial.hpp"

namespace koshin::faults {
namespace {

/// Fills the slots for retired keys from `first` to the last.
void fill_slots(unsigned char first) {
  const auto session = session_beneath();
  for (unsigned char slot = first; slot <= last_piv_slot; ++slot)
    session->generate_key_pair(pkcs11::KeyAlgorithm::ec_p256, test::Bytes{slot}, "retired");
}

/// A key of another program, with a certificate.
void put_certificate_into_slot(unsigned char slot, const test::Bytes& certificate) {
  const auto session = session_beneath();
  session->generate_key_pair(pkcs11::KeyAlgorithm::ec_p256, test::Bytes{slot}, "another");
  session->write_certificate(certificate, test::Bytes{slot}, "another");
}

/// Another program's key in the first spare slot; returns its public key.
test::Bytes make_key_of_another_day(bool with_placeholder) {
  const auto session = session_beneath();
  const auto pair = session->generate_key_pair(pkcs11::KeyAlgorithm::ec_p256, test::Bytes{5}, "another");
  const test::Bytes& info = pair.public_key.public_key;
  constexpr std::size_t point_size = 65;
  test::Bytes point{0x04, point_size};  // OCTET STRING
  point.insert(point.end(), info.end() - point_size, info.end());
  const auto der = placeholder_certificate(point, std::chrono::hours(24)).second;
  if (with_placeholder)
    session->write_certificate(test::Bytes(der.begin(), der.end()), test::Bytes{5}, "another");
  return info;
}

TEST(PivCard, P10_a_slot_that_somebody_else_has_filled_meanwhile_is_left_to_them) {
  Stage stage;
  PivTrial trial(stage);
  Plan plan;
  plan.function = "C_GenerateKeyPair";
  plan.at = 1;
  plan.action = Action::kill;
  EXPECT_TRUE(trial.renew(plan).calls.struck());
  put_certificate_into_slot(5, stage.certificate());
  const auto run = trial.renew();
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  EXPECT_EQ(std::get<messages::RenewResult>(run.last).new_certificate.key_id, "06");
}

TEST(PivCard, P10_a_slot_that_got_a_key_of_another_kind_meanwhile_is_left_alone) {
  Stage stage;
  PivTrial trial(stage);
  Plan plan;
  plan.function = "C_GenerateKeyPair";
  plan.at = 1;
  plan.action = Action::kill;
  EXPECT_TRUE(trial.renew(plan).calls.struck());
  session_beneath()->generate_key_pair(pkcs11::KeyAlgorithm::ec_p384, test::Bytes{5}, "another program's");
  const auto run = trial.renew();
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  EXPECT_EQ(std::get<messages::RenewResult>(run.last).new_certificate.key_id, "06");
}

/// Of the same kind, made on the card, and in a slot that has no mark: only its date tells it from koshin's.
TEST(PivCard, P10_a_slot_that_got_a_key_of_the_same_kind_meanwhile_is_left_alone) {
  Plan plan;
  plan.function = "C_GenerateKeyPair";
  plan.at = 1;
  plan.action = Action::kill;
  for (const bool with_placeholder : {false, true}) {
    Stage stage;
    PivTrial trial(stage);
    EXPECT_TRUE(trial.renew(plan).calls.struck());
    const test::Bytes theirs = make_key_of_another_day(with_placeholder);
    const auto run = trial.renew();
    const auto* renewed = std::get_if<messages::RenewResult>(&run.last);
    ASSERT_NE(renewed, nullptr) << to_json(run.last);
    EXPECT_EQ(renewed->new_certificate.key_id, "06") << with_placeholder;
    EXPECT_EQ(public_key_in(5), theirs) << with_placeholder;
    EXPECT_THAT(run.notices, testing::Contains("slot_not_ours"));
  }
}

/// The key that a run was cut off behind is koshin's by the date of the module's placeholder.
TEST(PivCard, P10_a_key_that_was_made_for_the_record_is_used) {
  Stage stage;
  PivTrial trial(stage);
  Plan plan;
  plan.function = "C_GenerateKeyPair";
  plan.at = 1;
  plan.after = true;
  plan.action = Action::kill;
  EXPECT_TRUE(trial.renew(plan).calls.struck());
  const test::Bytes ours = public_key_in(5);
  for (const auto& loss : trial.losses(trial.renew())) ADD_FAILURE() << loss;
  EXPECT_EQ(public_key_in(5), ours);
}

TEST(PivCard, P10_the_last_free_slot_is_taken_and_no_other) {
  Stage stage;
  PivTrial trial(stage);
  fill_slots(6);
  const auto run = trial.renew();
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
}

TEST(PivCard, P10_a_card_whose_slots_are_all_taken_is_full) {
  Stage stage;
  PivTrial trial(stage);
  fill_slots(5);
  const auto run = trial.renew();
  EXPECT_EQ(run.failure(), Reason::token_full) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_GenerateKeyPair"), 0U);
}

}  // namespace
}  // namespace koshin::faults
