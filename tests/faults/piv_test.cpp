// SPDX-License-Identifier: MIT
// A PIV card: its management key makes the keys and writes the certificates, its PIN signs. Renewed by the
// real worker, and interrupted like any other token.
#include <gtest/gtest.h>
#include <p11-kit/pkcs11.h>

#include <fstream>
#include <iterator>

#include "faults/piv_trial.hpp"
#include "faults/sweep.hpp"

namespace koshin::faults {
namespace {

const std::string settings_for_all_purposes =
    "token.profile = \"piv\"\nrenewal.purposes = [\"login\", \"signature\", \"encryption\"]\n"
    "authority.signature_label = \"signature\"\nauthority.encryption_label = \"encryption\"\n";

/// A key that another program made, with a certificate of the bank's that is due.
void put_for_mail(Stage& stage, unsigned char slot, const std::string& usage) {
  const auto session = session_beneath();
  const auto pair = session->generate_key_pair(pkcs11::KeyAlgorithm::ec_p256, test::Bytes{slot}, "bank's");
  const auto certificate = stage.bank().issue_as({.usage = usage, .extended_usage = "emailProtection"},
                                                 pair.public_key.public_key, test::default_user, 12);
  session->write_certificate(certificate, test::Bytes{slot}, "bank's");
}

TEST(PivCard, P10_is_renewed_with_the_pin_and_the_management_key) {
  Stage stage;
  PivTrial trial(stage);
  const auto run = trial.renew();
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  for (const auto& loss : trial.losses(run)) ADD_FAILURE() << loss;
  const auto module = pkcs11::Module::load(test::SoftHsm::module());
  const auto session =
      pkcs11::Session::open(module, module->tokens().front().slot, pkcs11::Access::read_only);
  EXPECT_EQ(session->objects_with_id(test::Bytes{5}).size(), 2U)
      << "public: the certificate and the public key";
  const auto pruned = trial.prune();
  for (const auto& loss : trial.pruning_losses(pruned)) ADD_FAILURE() << loss;
}

TEST(PivCard, P10_a_signature_certificate_ends_in_its_own_slot_and_one_for_mail_keeps_its_key) {
  Stage stage(200);
  Trial trial(stage, settings_for_all_purposes);
  trial.act_as_officer_with(management_key);
  constexpr unsigned char slot_9c = 2, slot_9d = 3;
  put_for_mail(stage, slot_9c, "critical,digitalSignature,nonRepudiation");
  put_for_mail(stage, slot_9d, "critical,keyAgreement");
  const auto holds = [&](unsigned char slot) {
    std::vector<test::Bytes> contents;
    for (const auto& object : session_beneath()->objects_with_id(test::Bytes{slot}))
      contents.push_back(object.certificate.empty() ? object.public_key : object.certificate);
    std::sort(contents.begin(), contents.end());
    return contents;
  };
  const auto before_9c = holds(slot_9c), before_9d = holds(slot_9d);
  ASSERT_EQ(before_9c.size(), 3U);
  const auto issued_before = stage.bank().issued();
  for (const auto purpose : {messages::Purpose::signature, messages::Purpose::encryption}) {
    const auto run = trial.renew(on_piv_card());
    ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
    const auto& renewed = std::get<messages::RenewResult>(run.last).new_certificate;
    EXPECT_EQ(renewed.purpose, purpose);
    EXPECT_EQ(renewed.key_id, purpose == messages::Purpose::signature ? "02" : "05")
        << "the spare slot of both";
  }
  EXPECT_EQ(stage.bank().issued() - issued_before, 3U) << "two legs, and one";
  EXPECT_NE(holds(slot_9c), before_9c);
  EXPECT_EQ(holds(slot_9d), before_9d);
}

/// A card that does not show a key whose slot has lost its certificate: the objects beneath are gone from
/// view.
TEST(PivCard, P10_the_key_that_reads_old_mail_keeps_its_slot_also_unseen) {
  Stage stage(200);
  Trial trial(stage, settings_for_all_purposes);
  trial.act_as_officer_with(management_key);
  put_for_mail(stage, 3, "critical,keyAgreement");
  const auto first = trial.renew(on_piv_card());
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(first.last)) << to_json(first.last);
  const auto& renewed = std::get<messages::RenewResult>(first.last);
  ASSERT_EQ(renewed.new_certificate.key_id, "05");

  messages::Job job;
  job.kind = messages::JobKind::prune;
  job.certificate_sha256 = renewed.old_certificate.sha256;
  job.also_decrypting = true;
  const auto pruned = trial.run(job, on_piv_card(), std::chrono::seconds(60), {}, test::SoftHsm::default_pin);
  EXPECT_EQ(pruned.failure(), Reason::prune_not_allowed) << to_json(pruned.last);
  EXPECT_EQ(session_beneath()->objects_with_id(test::Bytes{3}).size(), 3U);

  {
    const auto session = session_beneath();
    for (const auto& object : session->objects_with_id(test::Bytes{5})) session->destroy(object);
  }
  put_for_mail(stage, 2, "critical,digitalSignature,nonRepudiation");
  const auto next = trial.renew(on_piv_card());
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(next.last)) << to_json(next.last);
  EXPECT_EQ(std::get<messages::RenewResult>(next.last).new_certificate.key_id, "02");
  EXPECT_FALSE(public_key_in(6).empty()) << "the spare slot on the way";
  EXPECT_TRUE(public_key_in(5).empty());
}

/// What was planned before the settings said that it is a card has a CKA_ID that no slot has.
TEST(PivCard, a_key_that_was_planned_under_another_profile_is_planned_anew) {
  Stage stage;
  PivTrial trial(stage);
  const auto rewrite = [&](const std::string& from, const std::string& to) {
    std::ifstream in(trial.settings());
    std::string text{std::istreambuf_iterator<char>(in), {}};
    text.replace(text.find(from), from.size(), to);
    std::ofstream(trial.settings()) << text;
  };
  rewrite("\"piv\"", "\"generic\"");
  Plan before_the_key;
  before_the_key.function = "C_GenerateKeyPair";
  before_the_key.at = 1;
  before_the_key.action = Action::kill;
  ASSERT_TRUE(trial.renew(before_the_key).calls.struck());
  rewrite("\"generic\"", "\"piv\"");
  for (const auto& loss : trial.losses(trial.renew())) ADD_FAILURE() << loss;
}

TEST(PivCard, P10_without_the_management_key_no_try_is_spent) {
  Stage stage;
  PivTrial trial(stage, "");
  const auto run = trial.renew();
  EXPECT_EQ(run.failure(), Reason::so_pin_required) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_Login"), 0U);
  EXPECT_EQ(trial.prune().failure(), Reason::so_pin_required);
}

TEST(PivCard, P10_a_wrong_management_key_makes_nothing_and_the_right_one_goes_on) {
  Stage stage;
  std::string other(management_key);
  other.back() = '9';
  PivTrial trial(stage, other);
  const auto wrong = trial.renew();
  EXPECT_EQ(wrong.failure(), Reason::so_pin_incorrect) << to_json(wrong.last);
  EXPECT_EQ(wrong.calls.calls("C_GenerateKeyPair"), 0U);
  EXPECT_EQ(wrong.calls.calls("C_Login"), 2U) << "the user's PIN once, the management key once";
  EXPECT_EQ(stage.bank().issued(), 0U);
  trial.act_as_officer_with(management_key);
  for (const auto& loss : trial.losses(trial.renew())) ADD_FAILURE() << loss;
}

TEST(PivCard, P10_what_cannot_be_a_management_key_never_reaches_the_card) {
  Stage stage;
  for (const std::string& key : {std::string("123456"), std::string(65, '0'), std::string(48, 'x')}) {
    PivTrial trial(stage, key);
    const auto run = trial.renew();
    EXPECT_EQ(run.failure(), Reason::so_pin_incorrect) << to_json(run.last);
    EXPECT_EQ(run.calls.calls("C_Login"), 0U);
  }
}

TEST(PivCard, P10_a_pin_of_another_length_than_a_card_can_have_never_reaches_it) {
  Stage stage;
  PivTrial trial(stage);
  messages::Job job;
  job.kind = messages::JobKind::renew;
  for (const std::string pin : {"73519", "735192640"}) {
    const auto run = trial.run(job, on_piv_card(), std::chrono::seconds(60), {}, pin);
    EXPECT_EQ(run.failure(), Reason::pin_length_invalid) << to_json(run.last);
    EXPECT_EQ(run.calls.calls("C_Login"), 0U) << "the module claims that a PIN has up to 48 characters";
  }
}

TEST(PivCard, P10_a_card_that_does_not_take_a_key_of_this_length_is_about_that_key) {
  Stage stage;
  PivTrial trial(stage, std::string(32, 'a'));
  EXPECT_EQ(trial.renew().failure(), Reason::so_pin_incorrect);
}

TEST(PivCard, P10_the_proof_alone_takes_no_management_key) {
  Stage stage;
  PivTrial trial(stage);
  Plan plan;
  plan.function = "C_SignInit";
  plan.at = 3;  // request, log-in to the authority, proof
  plan.action = Action::error;
  plan.rv = CKR_DEVICE_ERROR;
  const auto cut_off = trial.renew(plan);
  EXPECT_TRUE(cut_off.calls.struck()) << to_json(cut_off.last);
  trial.act_as_officer_with("");
  const auto run = trial.renew();
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << to_json(run.last);
  for (const auto& loss : trial.losses(run)) ADD_FAILURE() << loss;
}

TEST(PivCard, P10_a_refused_request_leaves_its_key_to_the_next_one) {
  Stage stage;
  PivTrial trial(stage);
  stage.bank().set("status", "1*403:not you");
  EXPECT_EQ(trial.renew().failure(), Reason::authority_refused);
  trial.expect(1, 2);
  for (const auto& loss : trial.losses(trial.renew())) ADD_FAILURE() << loss;
}

TEST(PivCard, P2_a_locked_management_key_is_not_tried_and_a_last_try_is_the_persons) {
  Stage stage;
  PivTrial trial(stage);
  Plan plan;
  plan.token_flags = CKF_SO_PIN_LOCKED;
  auto run = trial.renew(plan);
  EXPECT_EQ(run.failure(), Reason::so_pin_incorrect) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_Login"), 0U);
  plan.token_flags = CKF_SO_PIN_FINAL_TRY;
  run = trial.renew(plan);
  EXPECT_EQ(run.failure(), Reason::so_pin_incorrect) << to_json(run.last);
  EXPECT_EQ(run.calls.calls("C_Login"), 0U);
  messages::Job job;
  job.kind = messages::JobKind::renew;
  job.insist_final_try = true;
  const auto insisted =
      trial.run(job, on_piv_card(plan), std::chrono::seconds(60), {}, test::SoftHsm::default_pin);
  for (const auto& loss : trial.losses(insisted)) ADD_FAILURE() << loss;
}

class PivSweep : public testing::TestWithParam<Kind> {};

TEST_P(PivSweep, loses_nothing_at_any_call) {
  Stage stage;
  unsigned calls = 0;
  {
    PivTrial rehearsal(stage);
    const auto run = rehearsal.renew();
    for (const auto& loss : rehearsal.losses(run)) ADD_FAILURE() << "undisturbed: " << loss;
    calls = run.calls.calls();
  }
  Tally tally;
  for (unsigned number = 1; number <= calls; ++number) {
    PivTrial trial(stage);
    const auto point = std::string(GetParam().words) + " call " + std::to_string(number);
    const auto run = trial.renew(plan_of(GetParam(), number));
    EXPECT_TRUE(run.calls.struck()) << point << " was never reached";
    for (const auto& damage : trial.damage()) ADD_FAILURE() << point << ", interrupted: " << damage;
    trial.reinsert();
    tally.add(point, trial.losses(trial.renew()));
  }
  tally.report(std::string("PIV card, ") + GetParam().words + " each call");
}

INSTANTIATE_TEST_SUITE_P(Token, PivSweep,
                         testing::Values(Kind{"kill_before", "killed before", Action::kill, false, false, 0},
                                         Kind{"kill_after", "killed after", Action::kill, true, false, 0},
                                         Kind{"removed_after", "token pulled after", Action::remove, true,
                                              false, 0}),
                         [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace koshin::faults
