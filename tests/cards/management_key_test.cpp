// SPDX-License-Identifier: MIT
// Renewals with the PIN alone on cards that keep or derive their management key, by Debian's own ykcs11 and
// libykpiv; and what is said of cards that do not, before anything is asked of anybody.
#include <fstream>
#include <iterator>

#include "foundation/base/text.hpp"
#include "management_key_fixture.hpp"
#include "piv_crypto.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::cards {
namespace {

using messages::ManagementKey;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr const char* metadata_of_the_management_key = "f7 00 9b";

class ManagementKeys : public ManagementKeyTest {};

TEST_F(ManagementKeys, kept_behind_the_pin_renew_both_legs_with_the_pin_alone) {
  plug_protected();
  EXPECT_EQ(inspected(), ManagementKey::behind_pin);
  EXPECT_EQ(examined(), "ok officer_behind_pin");
  expect_renewed(renew_with_pin());
}

TEST_F(ManagementKeys, derived_from_the_pin_renew_both_legs_with_the_pin_alone) {
  plug_derived();
  EXPECT_EQ(inspected(), ManagementKey::derived);
  EXPECT_EQ(examined(), "ok officer_derived");
  expect_renewed(renew_with_pin());
}

TEST_F(ManagementKeys, on_an_older_card_without_metadata_it_is_the_same) {
  for (const bool derived : {false, true}) {
    plug_one_with([&](CardState& state) {
      derived ? derive_management_key(state, card_pin) : protect_management_key(state);
      state.has_metadata = false;
    });
    expect_renewed(renew_with_pin());
    stage->pull();
  }
}

TEST_F(ManagementKeys, kept_behind_the_pin_renew_into_a_spare_slot_and_delete_with_the_pin_alone) {
  plug_protected();
  stage->use_settings("renewal.home_slot = \"never\"\n");
  expect_renewed(renew_with_pin());
  const auto pruned = run_with_pin(messages::JobKind::prune);
  EXPECT_TRUE(std::holds_alternative<messages::PruneResult>(pruned.last)) << pruned.in_words();
  EXPECT_THAT(certificate_in(stage->card().state(), authentication_slot), SizeIs(0));
}

TEST_F(ManagementKeys, kept_behind_the_pin_enrol_with_the_pin_alone) {
  plug_one_with([](CardState& state) {
    protect_management_key(state);
    state.keys.clear();
    state.objects.erase(certificate_object_of(authentication_slot));
  });
  messages::Job job;
  job.kind = messages::JobKind::enroll;
  job.subject_user = test::default_user;
  const auto run = stage->run(job, {card_pin, {}, stage->bank().reissue_code(test::default_user)});
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
}

TEST_F(ManagementKeys, a_given_one_is_used_all_the_same) {
  plug_protected();
  expect_renewed(stage->renew({card_pin, to_hex(stage->first_state().management_key), {}}));
}

TEST_F(ManagementKeys, P2_a_wrong_pin_is_presented_once_and_by_nobody_again) {
  for (const bool derived : {false, true}) {
    derived ? plug_derived() : plug_protected();
    const auto run = renew_with_pin("654321");
    EXPECT_EQ(run.failure(), Reason::pin_incorrect) << run.in_words();
    EXPECT_EQ(stage->card().state().pin.tries_left, 2U);
    EXPECT_THAT(stage->card().state().keys, SizeIs(1));
    EXPECT_EQ(stage->issued(), 0U);
    stage->pull();
  }
}

TEST_F(ManagementKeys, P2_the_last_try_is_the_persons) {
  plug_one_with([](CardState& state) {
    protect_management_key(state);
    state.pin.tries_left = 1;
  });
  EXPECT_EQ(renew_with_pin().failure(), Reason::pin_final_try);
  expect_untouched();
}

TEST_F(ManagementKeys, derived_from_an_earlier_pin_are_refused_and_the_pin_is_not_blamed) {
  plug_derived();
  stage->pull();
  stage->change([](CardState& state) { state.pin.value = "864213"; });
  stage->plug();
  const auto run = renew_with_pin("864213");
  EXPECT_EQ(run.failure(), Reason::so_pin_incorrect) << run.in_words();
  EXPECT_THAT(detail(run), HasSubstr("the PIN may have been changed since it was derived"));
  EXPECT_EQ(stage->card().state().pin.tries_left, 3U);
  EXPECT_THAT(stage->card().state().keys, SizeIs(1));
  EXPECT_EQ(stage->issued(), 0U);
}

TEST_F(ManagementKeys, kept_behind_the_pin_and_out_of_date_are_refused_and_the_pin_is_not_blamed) {
  plug_one_with([](CardState& state) {
    protect_management_key(state);
    state.management_key = random_bytes(24);
  });
  const auto run = renew_with_pin();
  EXPECT_EQ(run.failure(), Reason::so_pin_incorrect) << run.in_words();
  EXPECT_THAT(detail(run), HasSubstr("the card refused its PIN, or the management key that it keeps"));
  expect_untouched();
}

/// A look ends with a reset of the card, after which the other job's module would present its PIN once more.
TEST_F(ManagementKeys, are_not_looked_at_while_another_job_has_the_card) {
  plug_protected();
  const auto run = run_with_pin(messages::JobKind::inspect, "");
  const auto& token = std::get<messages::InspectResult>(run.last).tokens.at(0);
  EXPECT_THAT(stage->card().commands(), Contains(metadata_of_the_management_key));
  {
    const auto other_job = renewal::TokenLock::acquire(renewal::token_key(token));
    stage->plug();
    EXPECT_EQ(inspected(), ManagementKey::unknown) << "nobody has seen it with the PIN yet";
    EXPECT_THAT(stage->card().commands(), Not(Contains(metadata_of_the_management_key)));
  }
  EXPECT_EQ(inspected(), ManagementKey::behind_pin);
  expect_renewed(renew_with_pin());
  const auto other_job = renewal::TokenLock::acquire(renewal::token_key(token));
  stage->plug();
  EXPECT_EQ(inspected(), ManagementKey::behind_pin) << "as the renewal has seen it";
  EXPECT_THAT(stage->card().commands(), Not(Contains(metadata_of_the_management_key)));
}

TEST_F(ManagementKeys, that_an_administrator_has_are_asked_for_before_the_pin_and_the_bank) {
  plug_ordinary();
  EXPECT_EQ(inspected(), ManagementKey::given);
  EXPECT_EQ(examined(), "warning officer_given");
  const auto run = renew_with_pin("654321");
  EXPECT_EQ(run.failure(), Reason::so_pin_required) << run.in_words();
  EXPECT_THAT(detail(run), HasSubstr("neither behind the PIN nor derives it from the PIN"));
  expect_untouched();
}

TEST_F(ManagementKeys, of_the_factory_are_not_tried_unless_the_settings_say_so) {
  stage->plug();
  EXPECT_EQ(inspected(), ManagementKey::factory);
  EXPECT_EQ(examined(), "warning officer_factory");
  const auto run = renew_with_pin();
  EXPECT_EQ(run.failure(), Reason::so_pin_required) << run.in_words();
  EXPECT_THAT(detail(run), HasSubstr("token.factory_management_key"));
  expect_untouched();
  stage->use_settings("token.factory_management_key = true\n");
  expect_renewed(renew_with_pin());
}

/// A tool that sets the key back may leave ADMIN DATA, which names the way to an earlier key.
TEST_F(ManagementKeys, that_were_set_back_to_the_factorys_are_no_secret_whatever_the_card_says_of_them) {
  for (const bool derived : {false, true}) {
    plug_one_with([&](CardState& state) {
      const Bytes factorys = state.management_key;
      if (derived)
        derive_management_key(state, card_pin);
      else
        protect_management_key(state);
      state.management_key = factorys;
    });
    EXPECT_EQ(examined(), "warning officer_factory");
    expect_untouched();
  }
}

TEST_F(ManagementKeys, of_the_factory_in_the_settings_are_not_tried_on_a_card_with_another) {
  plug_ordinary();
  stage->use_settings("token.factory_management_key = true\n");
  EXPECT_EQ(renew_with_pin().failure(), Reason::so_pin_required);
  expect_untouched();
}

/// ykcs11 2.2.0 knows 3DES alone.
TEST_F(ManagementKeys, in_aes_are_named_before_the_pin_and_the_bank) {
  for (const Algorithm algorithm : {Algorithm::aes_128, Algorithm::aes_192, Algorithm::aes_256}) {
    plug_protected(algorithm);
    EXPECT_EQ(inspected(), ManagementKey::unusable);
    EXPECT_EQ(examined(), "failed officer_algorithm management_key_unsupported");
    for (const auto& given : {std::string(), to_hex(stage->first_state().management_key)}) {
      const auto run = stage->renew({"654321", given, {}});
      EXPECT_EQ(run.failure(), Reason::management_key_unsupported) << run.in_words();
      EXPECT_THAT(detail(run), HasSubstr("AES-"));
    }
    messages::Job rehearsal;
    rehearsal.kind = messages::JobKind::renew;
    rehearsal.dry_run = true;
    EXPECT_EQ(stage->run(rehearsal, {card_pin, {}, {}}).failure(), Reason::management_key_unsupported);
    expect_untouched();
    stage->pull();
  }
}

TEST_F(ManagementKeys, are_examined_by_the_doctor_without_the_pin) {
  plug_protected();
  EXPECT_EQ(examined(""), "ok officer_behind_pin");
  expect_untouched();
}

/// Of the PIN and what is made of it nothing may be left in a file.
TEST_F(ManagementKeys, T_are_in_no_file_of_the_user) {
  for (const bool derived : {false, true}) {
    derived ? plug_derived() : plug_protected();
    stage->use_settings("log.level = \"debug\"\nlog.module_output = true\n");
    expect_renewed(renew_with_pin());
    const Bytes key = stage->first_state().management_key;
    const std::string raw(key.begin(), key.end());
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(stage->settings().parent_path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(in), {}};
      EXPECT_EQ(content.find(raw), std::string::npos) << entry.path();
      EXPECT_EQ(content.find(to_hex(key)), std::string::npos) << entry.path();
      ++files;
    }
    EXPECT_GT(files, 1U) << "settings, log and journal";
    stage->pull();
  }
}

}  // namespace
}  // namespace koshin::cards
