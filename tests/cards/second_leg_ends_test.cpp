// SPDX-License-Identifier: MIT
// What the second leg of a renewal on a PIV card, by real ykcs11, leaves behind: what it says of the home
// slot when it gets no further, what stays in the spare slot, and what a repetition finds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "enrollment/x509/certificate.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/paths.hpp"
#include "piv_crypto.hpp"
#include "renewal/journal/journal.hpp"
#include "second_leg_fixture.hpp"

namespace koshin::cards {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class SecondLegEnds : public SecondLegTest {
 protected:
  static bool is_renewed(const JobRun& run) {
    return std::holds_alternative<messages::RenewResult>(run.last);
  }
  /// Of an undisturbed second leg, after which the card and the journal are as before it.
  unsigned last_command_of_second_leg(const std::string& beginning) {
    const CardState before = stage->card().state();
    const auto journal = paths::journal_file();
    const auto kept = journal.string() + ".kept";
    std::filesystem::copy_file(journal, kept);
    stage->plug();
    EXPECT_TRUE(is_renewed(stage->renew()));
    const unsigned last = stage->number_of_last(beginning);
    stage->pull();
    stage->change([&](CardState& state) { state = before; });
    std::filesystem::rename(kept, journal);
    return last;
  }
  /// The enrolment was repeated with the code that the first run has used up.
  void expect_taken_over(const JobRun& again) {
    ASSERT_TRUE(is_renewed(again)) << again.in_words();
    EXPECT_THAT(again.notices, Contains("enrolled_before"));
    const auto& result = std::get<messages::RenewResult>(again.last);
    EXPECT_EQ(result.new_certificate.key_id, "01");
    EXPECT_EQ(result.old_certificate.sha256, "") << "it is told as an enrolment";
    EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
    EXPECT_EQ(stage->issued(), 2U);
  }
  static std::vector<renewal::State> states() {
    std::vector<renewal::State> found;
    for (const auto& record : renewal::Journal::open(paths::journal_file())->history(10))
      found.push_back(record.state);
    return found;
  }
};

TEST_F(SecondLegEnds, says_what_the_home_slot_has_when_it_gets_no_further) {
  renew_into_spare_slot();
  stage->bank().set("cacerts.status", "1*503:not now");
  const auto unreached = stage->renew();
  EXPECT_TRUE(unreached.failure()) << unreached.in_words();
  EXPECT_THAT(unreached.notices, Contains("home_slot_unchanged"));
  stage->bank().set("simplereenroll.status", "1*403:too soon");
  EXPECT_EQ(stage->renew().failure(), Reason::authority_refused);
  stage->bank().set("cacerts.status", "1*503:not now");
  const auto again = stage->renew();
  EXPECT_TRUE(again.failure()) << again.in_words();
  EXPECT_THAT(again.notices, Contains("home_slot_emptied")) << "the old key is gone";
  EXPECT_THAT(again.notices, Not(Contains("home_slot_unchanged")));
}

TEST_F(SecondLegEnds, says_that_the_home_slot_is_as_it_was_when_the_card_makes_no_key) {
  ASSERT_TRUE(is_renewed(stage->renew()));
  const auto commands = stage->card().commands();
  unsigned generation = 0;
  for (unsigned number = 1; number <= commands.size(); ++number)
    if (commands[number - 1].starts_with("47")) generation = number;
  stage->start_over();
  stage->plug({Fault::Kind::refused, generation});
  const auto run = stage->renew();
  EXPECT_TRUE(stage->card().struck());
  EXPECT_TRUE(run.failure()) << run.in_words();
  EXPECT_THAT(run.notices, Contains("home_slot_unchanged"));
  EXPECT_THAT(run.notices, Not(Contains("home_slot_emptied")));
  EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
}

/// The slot would count as emptied, and the next renewal would overwrite the key that reads a year of mail.
TEST_F(SecondLegEnds, leaves_a_spare_certificate_that_others_encrypt_for) {
  stage->pull();
  stage->change([&](CardState& state) {
    state.keys[first_retired_slot] = state.keys.at(authentication_slot);
    state.keys.erase(authentication_slot);
    state.objects.erase(certificate_object_of(authentication_slot));
    const Bytes key = public_key_info(state.keys.at(first_retired_slot).private_key);
    const test::TestBank::Order order{.usage = "critical,digitalSignature,keyEncipherment",
                                      .extended_usage = "",
                                      .san = "email:user0001@bank.example"};
    state.objects[certificate_object_of(first_retired_slot)] =
        certificate_object(stage->bank().issue_as(order, key, test::default_user, 12));
  });
  const CardState before = stage->card().state();
  const auto certificate = certificate_object_of(first_retired_slot);
  stage->plug();
  messages::Job job;
  job.kind = messages::JobKind::renew;
  const auto run = stage->run(job, all_secrets());
  ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_EQ(std::get<messages::RenewResult>(run.last).new_certificate.key_id, "01");
  EXPECT_THAT(run.notices, Contains("spare_slot_decrypts"));
  const auto again = stage->renew_once_more();
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(again.last)) << again.in_words();
  const CardState after = stage->card().state();
  EXPECT_EQ(after.objects.at(certificate), before.objects.at(certificate));
  EXPECT_EQ(after.keys.at(first_retired_slot), before.keys.at(first_retired_slot));
}

TEST_F(SecondLegEnds, a_renewal_that_was_cut_behind_the_last_deletion_is_told_as_a_renewal) {
  renew_into_spare_slot();
  const CardState before = stage->card().state();
  stage->plug({Fault::Kind::answer_lost, last_command_of_second_leg("db")});
  EXPECT_EQ(stage->renew().failure(), Reason::token_removed);
  EXPECT_TRUE(stage->card().struck());
  EXPECT_THAT(states(), ElementsAre(renewal::State::written, renewal::State::completed));
  EXPECT_THAT(certificate_in(stage->card().state(), first_retired_slot), IsEmpty());
  stage->plug();
  const auto run = stage->renew();
  ASSERT_TRUE(is_renewed(run)) << run.in_words();
  const auto& old = std::get<messages::RenewResult>(run.last).old_certificate;
  const Bytes spare = certificate_in(before, first_retired_slot);
  EXPECT_EQ(old.sha256, enrollment::sha256_of(pkcs11::ByteView(spare)));
  EXPECT_NE(old.serial, "");
}

TEST_F(SecondLegEnds, a_repeated_enrolment_goes_on_with_its_unfinished_second_leg) {
  const std::string code = stage->bank().reissue_code(test::default_user);
  stage->bank().set("simplereenroll.status", "1*503:not now");
  const auto cut = enroll(code);
  EXPECT_EQ(cut.failure(), Reason::authority_busy) << cut.in_words();
  const auto made = stage->card().state().keys;
  expect_taken_over(enroll(code));
  EXPECT_EQ(stage->card().state().keys, made) << "the key that was made is used";
  EXPECT_THAT(states(), ElementsAre(renewal::State::completed, renewal::State::completed));
}

/// The certificate is in its home slot and has not logged in yet: that slot is not free, and is the leg's
/// own.
TEST_F(SecondLegEnds, a_repeated_enrolment_goes_on_with_the_log_in_of_its_second_leg) {
  enroll(stage->bank().reissue_code(test::default_user));
  const unsigned last_pin = stage->number_of_last("20 00 80");
  stage->start_over();
  const std::string code = stage->bank().reissue_code(test::default_user);
  stage->plug({Fault::Kind::pulled_before, last_pin});
  const auto cut = enroll(code);
  EXPECT_EQ(cut.failure(), Reason::token_removed) << cut.in_words();
  EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
  stage->plug();
  expect_taken_over(enroll(code));
  EXPECT_THAT(certificate_in(stage->card().state(), first_retired_slot), IsEmpty());
  EXPECT_THAT(states(), ElementsAre(renewal::State::completed, renewal::State::completed));
}

TEST_F(SecondLegEnds, a_repeated_enrolment_begins_its_refused_second_leg_again) {
  const std::string code = stage->bank().reissue_code(test::default_user);
  stage->bank().set("simplereenroll.status", "1*403:too soon");
  EXPECT_EQ(enroll(code).failure(), Reason::authority_refused);
  expect_taken_over(enroll(code));
}

TEST_F(SecondLegEnds, a_repeated_enrolment_with_both_legs_tells_the_same_again) {
  const std::string code = stage->bank().reissue_code(test::default_user);
  const auto first = enroll(code);
  ASSERT_TRUE(is_renewed(first)) << first.in_words();
  expect_taken_over(enroll(code));
}

}  // namespace
}  // namespace koshin::cards
