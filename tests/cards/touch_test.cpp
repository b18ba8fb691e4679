// SPDX-License-Identifier: MIT
// Keys that ask for a touch, and the attestation that says so, by real ykcs11.
#include <algorithm>
#include <chrono>

#include "foundation/base/text.hpp"
#include "foundation/texts/cli.hpp"
#include "piv_attestation.hpp"
#include "piv_crypto.hpp"
#include "second_leg_fixture.hpp"
#include "support/environment.hpp"

namespace koshin::cards {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using namespace std::chrono_literals;

/// Before the agent's own patience, and beyond it.
constexpr auto soon = 200ms, late = 2500ms;

class Touch : public SecondLegTest {
 protected:
  /// The card as the person has it: the key of 9a asks for a touch, and the card attests so or does not.
  void use_card(bool attests, TouchPolicy policy = TouchPolicy::always) {
    stage->pull();
    stage->change([&](CardState& state) {
      if (attests) make_attesting(state);
      state.keys.at(authentication_slot).touch_policy = policy;
    });
    stage->plug();
  }
  static unsigned certain(const JobRun& run) {
    return static_cast<unsigned>(std::ranges::count_if(
        run.touches, [](const messages::TouchEvent& touch) { return touch.certain && !touch.over; }));
  }
  messages::DoctorResult doctor() {
    messages::Job job;
    job.kind = messages::JobKind::doctor;
    const auto run = stage->run(std::move(job), {card_pin, {}, {}});
    const auto* result = std::get_if<messages::DoctorResult>(&run.last);
    EXPECT_NE(result, nullptr) << run.in_words();
    return result == nullptr ? messages::DoctorResult{} : *result;
  }
  static std::vector<std::string> findings(const messages::DoctorResult& result) {
    std::vector<std::string> all;
    for (const auto& check : result.checks) all.push_back(check.finding);
    return all;
  }
};

/// ykcs11 shows the attestation of 9a as one more certificate under its CKA_ID: it is none, and does not keep
/// the renewed certificate out of its slot.
TEST_F(Touch, a_card_that_attests_its_keys_is_renewed_with_both_legs) {
  use_card(true, TouchPolicy::never);
  messages::Job job;
  const auto seen = stage->run(job, {});
  const auto* found = std::get_if<messages::InspectResult>(&seen.last);
  ASSERT_NE(found, nullptr) << seen.in_words();
  for (const auto& certificate : found->tokens.at(0).certificates)
    EXPECT_THAT(certificate.subject, Not(testing::HasSubstr("YubiKey PIV Attestation")));
  EXPECT_TRUE(found->tokens[0].certificates.at(0).key_policies.attested);
  EXPECT_EQ(found->tokens[0].certificates[0].key_policies.pin, "once");
  EXPECT_EQ(found->tokens[0].certificates[0].key_policies.touch, "never");
  const auto run = stage->renew();
  expect_renewed(run);
  EXPECT_THAT(run.touches, IsEmpty());
  const auto& renewed = std::get<messages::RenewResult>(run.last);
  EXPECT_TRUE(renewed.new_certificate.key_policies.attested) << "the attestation of the new key";
  std::printf("commands of a renewal of an attesting card: %zu\n", stage->card().commands().size());
}

TEST_F(Touch, is_asked_for_where_the_card_attests_that_the_key_wants_it) {
  use_card(true);
  stage->card().touches_after(soon);
  const auto run = stage->renew();
  expect_renewed(run);
  EXPECT_GT(stage->card().blinks(), 0U);
  EXPECT_EQ(certain(run), stage->card().blinks()) << "each is asked for, although none takes long";
  EXPECT_EQ(run.touches.size(), 2 * stage->card().blinks()) << "and taken back";
  EXPECT_THAT(run.notices, Contains("touch_policy_may_drop"));
  EXPECT_THAT(run.notices, Contains("touch_policy_dropped")) << "ykcs11 2.2.0 sets none";
}

TEST_F(Touch, may_be_what_a_long_signature_waits_for) {
  use_card(false);
  stage->card().touches_after(late);
  const auto run = stage->renew();
  expect_renewed(run);
  EXPECT_EQ(certain(run), 0U);
  EXPECT_EQ(run.touches.size(), 2 * stage->card().blinks());
}

TEST_F(Touch, is_not_asked_for_by_a_card_that_is_quick) {
  EXPECT_THAT(stage->renew().touches, IsEmpty());
}

TEST_F(Touch, that_does_not_come_is_a_reason_of_its_own_and_costs_nothing) {
  use_card(true);
  stage->card().never_touches(1200ms);
  const auto before = stage->card().state();
  const auto run = stage->renew();
  EXPECT_EQ(run.failure(), Reason::touch_missing) << run.in_words();
  EXPECT_EQ(stage->card().blinks(), 1U) << "nothing asks again by itself";
  EXPECT_EQ(stage->card().state(), before) << "no try of the PIN, and no key";
  EXPECT_EQ(stage->issued(), 0U);
  stage->card().touches_after(soon);
  expect_renewed(stage->renew());
}

TEST_F(Touch, that_does_not_come_is_told_by_the_time_where_nothing_attests) {
  use_card(false);
  stage->card().never_touches(5500ms);
  EXPECT_EQ(stage->renew().failure(), Reason::touch_missing);
}

TEST_F(Touch, of_a_cached_policy_is_asked_for_once) {
  use_card(true, TouchPolicy::cached);
  stage->card().touches_after(soon);
  const auto run = stage->renew();
  expect_renewed(run);
  EXPECT_EQ(stage->card().blinks(), 1U);
}

/// Nobody touches a card in the night.
TEST_F(Touch, is_no_matter_of_a_renewal_without_a_person) {
  use_card(true);
  messages::Job job;
  job.kind = messages::JobKind::renew;
  job.unattended = true;
  const auto run = stage->run(std::move(job), {card_pin, management_key_in_hexadecimal(), {}});
  EXPECT_EQ(run.failure(), Reason::touch_missing) << run.in_words();
  EXPECT_EQ(stage->card().blinks(), 0U);
  EXPECT_EQ(stage->issued(), 0U);
}

TEST_F(Touch, is_told_beforehand_by_the_doctor) {
  use_card(true);
  stage->card().touches_after(soon);
  EXPECT_THAT(findings(doctor()), testing::AllOf(Contains("touch_needed"), Contains("key_attested")));
  use_card(true, TouchPolicy::never);
  EXPECT_THAT(findings(doctor()), Contains("touch_not_needed"));
}

/// An older card tells of the new key in 9a what the old certificate beside it says; its attestation tells
/// the key itself. Another computer, without the first one's journal, goes on with it.
TEST_F(Touch, the_key_of_a_leg_that_was_cut_is_known_by_its_attestation) {
  for (const bool attests : {false, true}) {
    const auto use_older_card = [&](const Fault& fault) {
      stage->start_over();
      stage->change([&](CardState& state) {
        state.has_metadata = false;
        if (attests) make_attesting(state);
      });
      stage->plug(fault);
    };
    use_older_card({});
    expect_renewed(stage->renew());
    use_older_card({Fault::Kind::answer_lost, stage->number_of_last("47")});
    EXPECT_EQ(stage->renew().failure(), Reason::token_removed);
    ASSERT_TRUE(stage->card().struck());
    const auto made = stage->card().state().keys.at(authentication_slot);
    stage->pull();
    stage->forget_the_user();
    stage->plug();
    auto run = stage->renew();
    EXPECT_EQ(stage->card().state().keys.at(authentication_slot), made) << "never overwritten untold";
    if (!attests) {
      // It may be any program's. Whoever deletes the certificate beside it says that it may go.
      EXPECT_EQ(run.failure(), Reason::not_due) << run.in_words();
      EXPECT_THAT(run.notices, Contains("home_slot_not_ours"));
      EXPECT_TRUE(CardStage::has_pair(stage->card().state(), first_retired_slot)) << "this one logs in";
      stage->pull();
      stage->change(
          [](CardState& state) { state.objects.erase(certificate_object_of(authentication_slot)); });
      stage->plug();
      messages::Job job;
      job.kind = messages::JobKind::renew;
      job.force = true;
      run = stage->run(job, all_secrets());
    }
    ASSERT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
    EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
  }
}

/// An older card shows no key without certificate, but attests it: its slot is not empty.
TEST_F(Touch, a_key_that_only_its_attestation_tells_of_is_not_overwritten) {
  stage->pull();
  stage->change([](CardState& state) {
    make_attesting(state);
    state.has_metadata = false;
    state.keys[first_retired_slot] = {Algorithm::ec_p256, PinPolicy::once, generate_key(Algorithm::ec_p256)};
  });
  const auto before = stage->card().state();
  stage->plug();
  const auto run = stage->renew();
  EXPECT_TRUE(std::holds_alternative<messages::RenewResult>(run.last)) << run.in_words();
  EXPECT_EQ(stage->card().state().keys.at(first_retired_slot), before.keys.at(first_retired_slot));
  EXPECT_TRUE(CardStage::has_pair(stage->card().state(), authentication_slot));
}

/// A later firmware may have policies that nobody knows here: nothing is said of them.
TEST_F(Touch, of_a_policy_that_is_not_known_nothing_is_told) {
  stage->pull();
  stage->change([](CardState& state) {
    make_attesting(state);
    state.keys.at(authentication_slot).pin_policy = static_cast<PinPolicy>(7);
  });
  stage->plug();
  const auto run = stage->renew();
  expect_renewed(run);
  EXPECT_THAT(run.notices, Not(Contains("pin_policy_changed")));
}

TEST_F(Touch, is_asked_for_by_the_doctor_too) {
  use_card(true);
  stage->card().touches_after(soon);
  const auto run = koshin({"doctor", "--pin-stdin"});
  EXPECT_GT(stage->card().blinks(), 0U);
  EXPECT_THAT(run.out + run.err, testing::HasSubstr(texts::cli_touch_certain.in(Language::en)));
}

}  // namespace
}  // namespace koshin::cards
