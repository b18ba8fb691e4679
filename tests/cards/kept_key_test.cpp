// SPDX-License-Identifier: MIT
// renewal.key = "renew" on a PIV card, by real ykcs11: the slot's certificate is overwritten, and only by one
// that has logged in; where it is refused later, the old one is written back.
#include <gmock/gmock.h>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/paths.hpp"
#include "kept_key_fixture.hpp"
#include "piv_crypto.hpp"
#include "renewal/journal/journal.hpp"
#include "support/raw_journal.hpp"

namespace koshin::cards {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr const char* on_the_token = "the old certificate is on the token";
constexpr const char* seen_notice = "old_certificate_seen_on_token";
constexpr const char* kept_notice = "old_certificate_kept_in_journal";

class KeptKey : public KeptKeyTest {
 protected:
  void expect_renewed(const JobRun& run) {
    EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
    for (const auto& loss : stage->losses(run)) ADD_FAILURE() << loss;
  }
  static renewal::Record latest() { return renewal::Journal::open(paths::journal_file())->history(1).at(0); }
  Bytes in_9a() { return certificate_in(stage->card().state(), authentication_slot); }
  /// Starts over, and writes a certificate that has logged in; the card is pulled before it is read back.
  void cut_after_writing() {
    expect_renewed(stage->renew());
    stage->start_over_to_fail_at_last_writing(keeping, Fault::Kind::answer_lost);
    const auto cut = stage->renew();
    EXPECT_EQ(cut.failure(), Reason::token_removed) << cut.in_words();
    EXPECT_THAT(cut.notices, Contains(kept_notice)) << "nobody has read it after the writing";
    EXPECT_FALSE(stage->old_pair_is_there());
    EXPECT_TRUE(stage->bank().has_logged_in(in_9a())) << "it was proved before it was written";
    stage->plug();
  }
  /// What the journal keeps of the end of a run is what the person was told.
  static void expect_detail_kept(const JobRun& run) {
    const auto record = latest();
    ASSERT_TRUE(record.last_failure.has_value());
    EXPECT_EQ(record.last_failure->detail, detail(run));
  }
  static std::string detail(const JobRun& run) {
    const auto* failure = std::get_if<Failure>(&run.last);
    return failure == nullptr ? run.in_words() : failure->detail;
  }
};

TEST_F(KeptKey, gets_a_new_certificate_in_its_slot_and_nothing_tells_of_the_old_one) {
  const auto run = stage->renew();
  expect_renewed(run);
  const auto& renewed = std::get<messages::RenewResult>(run.last);
  EXPECT_EQ(renewed.new_certificate.key_id, "01");
  ASSERT_THAT(renewed.token.certificates, SizeIs(1)) << "what was overwritten is not shown";
  EXPECT_EQ(renewed.token.certificates[0].sha256, renewed.new_certificate.sha256);
  EXPECT_EQ(stage->bank().logins(), 1U) << "one proof is enough";
  std::printf("commands of a renewal that keeps the key: %zu\n", stage->card().commands().size());
}

TEST_F(KeptKey, overwrites_nothing_while_the_new_certificate_is_refused) {
  bank_takes(false);
  const auto first = stage->renew();
  EXPECT_EQ(first.failure(), Reason::proof_failed) << first.in_words();
  EXPECT_THAT(detail(first), HasSubstr(on_the_token));
  EXPECT_THAT(first.notices, Contains(seen_notice));
  expect_detail_kept(first);
  EXPECT_TRUE(stage->old_pair_is_there());
  EXPECT_EQ(latest().state, renewal::State::issued) << "the journal has the new one";
  const auto second = stage->renew();
  EXPECT_EQ(second.failure(), Reason::proof_failed) << second.in_words();
  EXPECT_THAT(detail(second), HasSubstr("this certificate is given up"));
  EXPECT_THAT(detail(second), HasSubstr(on_the_token));
  EXPECT_THAT(second.notices, Contains(seen_notice));
  expect_detail_kept(second);
  EXPECT_TRUE(stage->old_pair_is_there());
  EXPECT_EQ(latest().state, renewal::State::abandoned);
  bank_takes(true);
  const auto third = stage->renew();
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(third.last)) << third.in_words();
  for (const auto& damage : stage->damage()) ADD_FAILURE() << damage;
  EXPECT_EQ(stage->issued(), 2U);
}

/// The card overwrites the certificate, and fails before it says so; ykcs11 shows what it has read before.
TEST_F(KeptKey, does_not_claim_the_old_certificate_where_the_card_has_overwritten_it_and_failed) {
  expect_renewed(stage->renew());
  stage->start_over_to_fail_at_last_writing(keeping, Fault::Kind::done_and_refused);
  const auto failed = stage->renew();
  EXPECT_TRUE(stage->card().struck());
  EXPECT_TRUE(failed.failure()) << failed.in_words();
  ASSERT_FALSE(stage->old_pair_is_there());
  EXPECT_THAT(failed.notices, Contains(kept_notice));
  EXPECT_THAT(failed.notices, Not(Contains(seen_notice)));
  expect_renewed(stage->renew());
}

TEST_F(KeptKey, goes_on_with_the_certificate_that_is_taken_the_second_time) {
  bank_takes(false);
  EXPECT_EQ(stage->renew().failure(), Reason::proof_failed);
  bank_takes(true);
  expect_renewed(stage->renew());
}

/// A disk that has damaged the journal's copy, which can still be read as a certificate.
TEST_F(KeptKey, writes_no_other_bytes_back_than_those_of_the_old_certificate) {
  cut_after_writing();
  const Bytes written = in_9a();
  auto copy = latest().replaced_certificate;
  ASSERT_FALSE(copy.empty());
  copy.back() ^= 1U;  // in the signature
  ASSERT_EQ(test::run_sql(paths::journal_file(), "UPDATE renewal SET replaced_certificate = X'" +
                                                     to_hex(copy) + "' WHERE finished = 0"),
            SQLITE_OK);
  bank_takes(false);
  const auto refused = stage->renew();
  EXPECT_EQ(refused.failure(), Reason::proof_failed) << refused.in_words();
  EXPECT_EQ(in_9a(), written);
  EXPECT_THAT(detail(refused), Not(HasSubstr(on_the_token)));
  EXPECT_TRUE(latest().replaced_certificate.empty()) << "nothing claims that there is a copy";
  bank_takes(true);
  expect_renewed(stage->renew());
  EXPECT_EQ(in_9a(), written);
}

/// A server that has taken the new certificate, and does not when the run goes on.
TEST_F(KeptKey, writes_the_old_certificate_back_where_the_new_one_is_refused_later) {
  cut_after_writing();
  const Bytes written = in_9a();
  bank_takes(false);
  const auto refused = stage->renew();
  EXPECT_EQ(refused.failure(), Reason::proof_failed) << refused.in_words();
  EXPECT_TRUE(stage->old_pair_is_there()) << "byte for byte";
  EXPECT_THAT(detail(refused), HasSubstr(on_the_token));
  EXPECT_THAT(detail(refused), HasSubstr("tries the log-in again"));
  EXPECT_THAT(refused.notices, Contains(seen_notice)) << "written back, and read";
  expect_detail_kept(refused);
  bank_takes(true);
  expect_renewed(stage->renew());
  EXPECT_EQ(in_9a(), written) << "the certificate that was fetched is used";
}

/// The log-in needs the PIN alone, the writing back the management key: the run without it changes nothing,
/// does not say that the old certificate is there, and the next run with it writes it back.
TEST_F(KeptKey, is_written_back_by_the_next_run_where_this_one_has_no_management_key) {
  cut_after_writing();
  // The certificate is read back, and its log-in is cut off: from now on the PIN alone is asked for.
  stage->bank().set("login.status", "1*503:not now");
  const auto unanswered = stage->renew();
  EXPECT_FALSE(std::holds_alternative<messages::RenewResult>(unanswered.last));
  EXPECT_THAT(unanswered.notices, Contains("old_certificate_replaced")) << "it was read back in its place";
  ASSERT_EQ(latest().state, renewal::State::written);
  bank_takes(false);
  const auto alone = stage->renew({card_pin, {}, {}});
  EXPECT_EQ(alone.failure(), Reason::proof_failed) << alone.in_words();
  EXPECT_FALSE(stage->old_pair_is_there());
  EXPECT_THAT(detail(alone), HasSubstr("is not written back to the token yet"));
  EXPECT_THAT(detail(alone), Not(HasSubstr(on_the_token)));
  EXPECT_THAT(alone.notices, Contains(kept_notice));
  expect_detail_kept(alone);
  EXPECT_EQ(stage->renew({card_pin, {}, {}}).failure(), Reason::so_pin_required) << "it waits for the key";
  messages::Job giving_up;
  giving_up.kind = messages::JobKind::cancel;
  EXPECT_EQ(stage->run(giving_up, {card_pin, {}, {}}).failure(), Reason::prune_not_allowed)
      << "it would be lost";
  ASSERT_EQ(latest().state, renewal::State::written);
  const auto with_key = stage->renew();
  EXPECT_EQ(with_key.failure(), Reason::proof_failed) << with_key.in_words();
  EXPECT_TRUE(stage->old_pair_is_there());
  EXPECT_THAT(detail(with_key), HasSubstr(on_the_token));
}

/// Another computer has renewed the card meanwhile: its certificate in 9a is not this one's to overwrite.
TEST_F(KeptKey, leaves_a_certificate_alone_that_another_computer_has_written) {
  bank_takes(false);
  EXPECT_EQ(stage->renew().failure(), Reason::proof_failed);
  bank_takes(true);
  stage->pull();
  const auto& key = stage->first_state().keys.at(authentication_slot);
  const Bytes theirs = stage->bank().issue(public_key_info(key.private_key), test::default_user, 365, 0);
  stage->change([&](CardState& state) {
    state.objects[certificate_object_of(authentication_slot)] = certificate_object(theirs);
  });
  stage->plug();
  const auto run = stage->renew();
  EXPECT_EQ(run.failure(), Reason::not_due) << run.in_words();
  EXPECT_EQ(in_9a(), theirs);
  EXPECT_EQ(latest().state, renewal::State::abandoned);
}

TEST_F(KeptKey, with_a_wrong_management_key_asks_the_authority_nothing) {
  const auto run = stage->renew({card_pin, std::string(48, '7'), {}});
  EXPECT_EQ(run.failure(), Reason::so_pin_incorrect) << run.in_words();
  EXPECT_EQ(stage->bank().requests("simplereenroll"), 0U);
  EXPECT_EQ(stage->issued(), 0U);
  EXPECT_TRUE(stage->old_pair_is_there());
  expect_renewed(stage->renew());
}

}  // namespace
}  // namespace koshin::cards
