// SPDX-License-Identifier: MIT
// A renewed certificate that another program deletes from the card before the renewal is complete, by real
// ykcs11: the journal has it, and it is written back beside its key.
#include "piv_attestation.hpp"
#include "piv_crypto.hpp"
#include "second_leg_fixture.hpp"

namespace koshin::cards {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class LostCertificate : public SecondLegTest {
 protected:
  /// `ykman piv certificates delete`: the key stays. Returns what was deleted.
  Bytes delete_certificate_in(unsigned slot) {
    stage->pull();
    const Bytes deleted = certificate_in(stage->card().state(), slot);
    EXPECT_THAT(deleted, Not(IsEmpty())) << std::hex << slot;
    stage->change([&](CardState& state) { state.objects.erase(certificate_object_of(slot)); });
    stage->plug();
    return deleted;
  }
  void expect_written_back(const JobRun& run) {
    expect_renewed(run);
    EXPECT_THAT(run.notices, Contains("certificate_written_back")) << run.in_words();
  }
};

TEST_F(LostCertificate, of_the_first_leg_is_written_back_before_the_second) {
  for (const bool attests : {false, true}) {
    stage->start_over();
    if (attests) stage->change([](CardState& state) { make_attesting(state); });
    stage->plug();
    renew_into_spare_slot();
    delete_certificate_in(first_retired_slot);
    expect_written_back(stage->renew());
    EXPECT_EQ(stage->issued(), 2U);
    EXPECT_EQ(stage->renew().failure(), Reason::not_due) << "what koshin has deleted itself stays away";
    EXPECT_THAT(certificate_in(stage->card().state(), first_retired_slot), IsEmpty());
  }
}

/// The old certificate in 9a has no key any more, and the only one that logs in is in the journal alone.
TEST_F(LostCertificate, is_written_back_where_nothing_else_logs_in) {
  const CardState cut = cut_after_second_key();
  delete_certificate_in(first_retired_slot);
  const auto run = koshin({"renew", "--pin-stdin", "--so-pin-stdin"});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  EXPECT_THAT(run.out + run.err, HasSubstr("It was written back from this computer's journal."));
  const CardState now = stage->card().state();
  EXPECT_TRUE(CardStage::has_pair(now, authentication_slot));
  EXPECT_EQ(now.keys, cut.keys) << "the keys that were made are used";
  EXPECT_THAT(certificate_in(now, first_retired_slot), IsEmpty()) << "cleared once 9a logs in";
  EXPECT_EQ(stage->issued(), 2U);
}

/// A run that is cut behind the writing finds it on the card, and does not write it a second time.
TEST_F(LostCertificate, that_was_written_back_and_cut_is_found_there) {
  renew_into_spare_slot();
  const Bytes lost = delete_certificate_in(first_retired_slot);
  stage->bank().set("simplereenroll.status", "1*503:not now");
  const auto cut = stage->renew();
  EXPECT_EQ(cut.failure(), Reason::authority_busy) << cut.in_words();
  EXPECT_THAT(cut.notices, Contains("certificate_written_back"));
  EXPECT_EQ(certificate_in(stage->card().state(), first_retired_slot), lost);
  const auto run = stage->renew();
  expect_renewed(run);
  EXPECT_THAT(run.notices, Not(Contains("certificate_written_back")));
}

/// The second leg's own, between its reading back and its log-in.
TEST_F(LostCertificate, of_the_second_leg_is_written_again_and_told) {
  const unsigned log_in = last_command("87 11 9a");
  stage->start_over();
  stage->plug({Fault::Kind::pulled_before, log_in});
  EXPECT_EQ(stage->renew().failure(), Reason::token_removed);
  const Bytes lost = delete_certificate_in(authentication_slot);
  expect_written_back(stage->renew());
  EXPECT_EQ(certificate_in(stage->card().state(), authentication_slot), lost) << "and not another one";
}

/// Nothing is written to a slot whose key is another one by now, nor where one leg is all that was wanted.
TEST_F(LostCertificate, stays_away_without_its_key_and_where_no_leg_follows) {
  for (const bool one_leg : {false, true}) {
    stage->start_over();
    stage->plug();
    renew_into_spare_slot();
    delete_certificate_in(first_retired_slot);
    if (one_leg) stage->use_settings(spare_slot_only);
    if (!one_leg) {
      stage->pull();
      stage->change([](CardState& state) {
        state.keys.at(first_retired_slot).private_key = generate_key(Algorithm::ec_p256);
      });
      stage->plug();
    }
    const auto run = stage->renew();
    EXPECT_THAT(run.notices, Not(Contains("certificate_written_back"))) << run.in_words();
  }
}

}  // namespace
}  // namespace koshin::cards
