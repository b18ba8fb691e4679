// SPDX-License-Identifier: MIT
// Each certificate on a PIV card is for a key that was made for it, by real ykcs11: a slot that was emptied
// still has a key, and another program may have made one meanwhile.
#include <algorithm>
#include <set>

#include "enrollment/x509/certificate.hpp"
#include "foundation/system/paths.hpp"
#include "piv_attestation.hpp"
#include "piv_crypto.hpp"
#include "renewal/journal/journal.hpp"
#include "second_leg_fixture.hpp"

namespace koshin::cards {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr unsigned signature_slot = 0x9C, encryption_slot = 0x9D, second_retired_slot = 0x83;

class FreshKeys : public SecondLegTest {
 protected:
  void delete_certificate_in(unsigned slot) {
    messages::Job job;
    job.kind = messages::JobKind::prune;
    const Bytes certificate = certificate_in(stage->card().state(), slot);
    job.certificate_sha256 = enrollment::sha256_of(pkcs11::ByteView(certificate));
    const auto run = stage->run(std::move(job), all_secrets());
    ASSERT_TRUE(std::holds_alternative<messages::PruneResult>(run.last)) << run.in_words();
  }
  void hand_out(unsigned slot, PinPolicy policy, const char* usage) {
    stage->change([&](CardState& state) {
      const KeySlot key{Algorithm::ec_p256, policy, generate_key(Algorithm::ec_p256)};
      state.keys[slot] = key;
      state.objects[certificate_object_of(slot)] =
          certificate_object(stage->bank().issue_as({.usage = usage, .extended_usage = "emailProtection"},
                                                    public_key_info(key.private_key), test::default_user, 5));
    });
  }
  /// Each key of the card differs from the earlier ones and from each other, but for these slots.
  void expect_fresh_keys(std::set<Bytes> earlier, const std::set<unsigned>& slots_that_stay) {
    for (const auto& [slot, key] : stage->card().state().keys) {
      const bool fresh = earlier.insert(key.private_key).second;
      EXPECT_NE(fresh, slots_that_stay.contains(slot)) << "slot " << std::hex << slot;
    }
  }
  void put_key(unsigned slot, const KeySlot& key) {
    stage->pull();
    stage->change([&](CardState& state) { state.keys[slot] = key; });
    stage->plug();
  }
  static bool is_renewed(const JobRun& run) {
    return std::holds_alternative<messages::RenewResult>(run.last);
  }
};

/// The log-in's second leg empties the spare slot, into which the certificate for signatures goes first.
TEST_F(FreshKeys, are_made_for_each_certificate_of_a_sitting) {
  stage->start_over();
  stage->use_settings(
      "renewal.purposes = [\"login\", \"signature\", \"encryption\"]\n"
      "authority.signature_label = \"signature\"\n"
      "authority.encryption_label = \"encryption\"\n");
  hand_out(signature_slot, PinPolicy::always, "critical,digitalSignature,nonRepudiation");
  hand_out(encryption_slot, PinPolicy::once, "critical,keyAgreement");
  stage->bank().set("repeat_key", "forbidden");
  stage->plug();
  std::set<Bytes> keys;
  for (const auto& [slot, key] : stage->card().state().keys) keys.insert(key.private_key);
  const auto run = koshin({"renew", "--all", "--pin-stdin", "--so-pin-stdin"});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
  const auto now = stage->card().state();
  expect_fresh_keys(std::move(keys), {encryption_slot});
  EXPECT_TRUE(CardStage::has_pair(now, authentication_slot));
  EXPECT_TRUE(CardStage::has_pair(now, signature_slot));
  EXPECT_TRUE(CardStage::has_pair(now, first_retired_slot)) << "the one for encryption";
}

/// The slot that was emptied by a deletion is made anew, and the history names what was made.
TEST_F(FreshKeys, are_of_the_type_that_the_history_names) {
  stage->use_settings(spare_slot_only);
  stage->bank().set("repeat_key", "forbidden");
  ASSERT_TRUE(is_renewed(stage->renew()));
  ASSERT_TRUE(is_renewed(stage->renew_once_more()));
  const auto before = stage->card().state();
  ASSERT_TRUE(CardStage::has_pair(before, second_retired_slot));
  delete_certificate_in(first_retired_slot);
  stage->use_settings(spare_slot_only + "renewal.key = \"rsa-2048\"\n");
  const auto run = stage->renew_once_more();
  ASSERT_TRUE(is_renewed(run)) << run.in_words();
  const auto now = stage->card().state();
  EXPECT_EQ(std::get<messages::RenewResult>(run.last).new_certificate.key_id, "05");
  EXPECT_EQ(now.keys.at(first_retired_slot).algorithm, Algorithm::rsa_2048);
  EXPECT_EQ(now.keys.at(second_retired_slot), before.keys.at(second_retired_slot));
  const auto records = renewal::Journal::open(paths::journal_file())->history(1);
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records.front().key_algorithm, "rsa-2048");
  EXPECT_EQ(records.front().public_key, public_key_info(now.keys.at(first_retired_slot).private_key));
}

/// The key that was made over the earlier one is the record's where the module's placeholder tells so; else
/// it is left alone, as in an empty slot.
TEST_F(FreshKeys, that_were_cut_in_an_emptied_slot_are_gone_on_with) {
  ASSERT_TRUE(is_renewed(stage->renew()));
  const KeySlot earlier = stage->card().state().keys.at(first_retired_slot);
  stage->keep();
  stage->come_back();
  stage->plug();
  ASSERT_TRUE(is_renewed(stage->renew_once_more()));
  const auto commands = stage->card().commands();
  const auto generation =
      std::ranges::find_if(commands, [](const auto& one) { return one.starts_with("47"); });
  auto behind =
      std::find_if_not(generation + 1, commands.end(), [](const auto& one) { return one.starts_with("db"); });
  ASSERT_GT(behind - generation, 1) << "the placeholder is written";
  for (const bool placeholder : {true, false}) {
    stage->come_back();
    const auto last = placeholder ? behind - commands.begin() : generation - commands.begin() + 1;
    stage->plug({Fault::Kind::answer_lost, static_cast<unsigned>(last)});
    const auto cut = stage->renew_once_more();
    EXPECT_EQ(cut.failure(), Reason::token_removed) << cut.in_words();
    ASSERT_TRUE(stage->card().struck());
    const KeySlot made = stage->card().state().keys.at(first_retired_slot);
    EXPECT_NE(made, earlier);
    stage->pull();
    stage->plug();
    const auto run = stage->renew_once_more();
    ASSERT_TRUE(is_renewed(run)) << run.in_words();
    const auto now = stage->card().state();
    EXPECT_EQ(now.keys.at(first_retired_slot), made) << "made once, and not lost";
    EXPECT_THAT(now.keys, SizeIs(placeholder ? 2 : 3));
    EXPECT_TRUE(CardStage::has_pair(now, authentication_slot));
    EXPECT_EQ(std::ranges::count(run.notices, "slot_not_ours"), placeholder ? 0 : 1);
  }
}

/// `yubico-piv-tool -a generate` after the first leg: the old certificate is still in the slot.
TEST_F(FreshKeys, do_not_take_the_place_of_another_programs_beside_the_old_certificate) {
  for (const bool another_computer : {false, true}) {
    stage->start_over();
    stage->plug();
    renew_into_spare_slot();
    const KeySlot theirs{Algorithm::ec_p384, PinPolicy::once, generate_key(Algorithm::ec_p384)};
    put_key(authentication_slot, theirs);
    if (another_computer) stage->forget_the_user();
    const auto run = stage->renew();
    EXPECT_EQ(run.failure(), Reason::not_due) << run.in_words();
    EXPECT_EQ(stage->card().state().keys.at(authentication_slot), theirs);
    EXPECT_TRUE(CardStage::has_pair(stage->card().state(), first_retired_slot));
    EXPECT_THAT(koshin({"doctor", "--pin-stdin"}).out,
                HasSubstr("a renewed certificate stays in a spare slot"));
    const auto forced = stage->renew_once_more();
    EXPECT_TRUE(is_renewed(forced)) << forced.in_words();
    EXPECT_EQ(stage->card().state().keys.at(authentication_slot), theirs);
  }
}

/// The second leg was planned and cut before its key.
TEST_F(FreshKeys, do_not_take_the_place_of_another_programs_in_a_planned_slot) {
  const unsigned generation = last_command("47");
  stage->start_over();
  stage->plug({Fault::Kind::pulled_before, generation});
  EXPECT_EQ(stage->renew().failure(), Reason::token_removed);
  ASSERT_TRUE(stage->card().struck());
  const KeySlot theirs{Algorithm::ec_p384, PinPolicy::once, generate_key(Algorithm::ec_p384)};
  put_key(authentication_slot, theirs);
  for (int again = 0; again < 2; ++again) {
    const auto run = stage->renew();
    EXPECT_EQ(run.failure(), Reason::not_due) << run.in_words();
    EXPECT_EQ(stage->card().state().keys.at(authentication_slot), theirs);
    EXPECT_TRUE(CardStage::has_pair(stage->card().state(), first_retired_slot));
  }
}

/// A key of the right type may be another computer's second leg: it is certified, and what differs is told.
TEST_F(FreshKeys, that_another_has_made_are_told_with_their_policies) {
  for (const bool touch : {false, true}) {
    stage->start_over();
    stage->change([](CardState& state) { make_attesting(state); });
    stage->plug();
    renew_into_spare_slot();
    KeySlot theirs{Algorithm::ec_p256, touch ? PinPolicy::once : PinPolicy::never,
                   generate_key(Algorithm::ec_p256)};
    theirs.touch_policy = touch ? TouchPolicy::always : TouchPolicy::never;
    put_key(authentication_slot, theirs);
    if (touch) stage->card().touches_after(std::chrono::milliseconds(50));
    const auto run = stage->renew();
    ASSERT_TRUE(is_renewed(run)) << run.in_words();
    EXPECT_EQ(stage->card().state().keys.at(authentication_slot), theirs);
    EXPECT_THAT(run.notices, Contains("home_slot_key_found"));
    EXPECT_THAT(run.notices, Contains(touch ? "touch_policy_added" : "pin_policy_changed"));
  }
}

}  // namespace
}  // namespace koshin::cards
