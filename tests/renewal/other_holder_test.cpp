// SPDX-License-Identifier: MIT
// A token may hold certificates of several people: what was begun for one of them is not given up, used up or
// waited for by what is done for another one.
#include <gmock/gmock.h>

#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;
using renewal::Record;
using renewal::State;
using ::testing::HasSubstr;

constexpr const char* other_user = "12345678901234 user0002";

class OtherHolder : public RenewalTest {
 protected:
  Ending enroll(const std::string& cn) {
    reissue_code = bank.reissue_code(cn);
    return run(JobKind::enroll, [&](auto& job) { job.subject_user = cn.substr(cn.rfind(' ') + 1); });
  }
  /// An enrolment that ends right after that many journal entries.
  void break_enrolment(const std::string& cn, int saves) {
    die_when = DyingJournal::When::after;
    die_at = saves;
    ASSERT_EQ(enroll(cn).name(), "killed");
    die_when = DyingJournal::When::never;
  }
  Record record(std::int64_t number) const {
    for (const Record& one : journal()->history(10))
      if (one.number == number) return one;
    throw std::runtime_error("no such record");
  }
  void expect_untouched(const Record& before) const {
    const Record now = record(before.number);
    EXPECT_EQ(now.state, before.state);
    EXPECT_EQ(now.key_id, before.key_id);
    EXPECT_EQ(now.request, before.request);
    EXPECT_EQ(now.changed, before.changed);
  }
};

TEST_F(OtherHolder, AnEnrolmentDoesNotGiveUpAnotherPersonsRenewal) {
  provision_token();
  stop_after(3);
  const Record begun = *unfinished();
  protect_objects();
  const Ending ending = enroll(other_user);
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_THAT(ending.as<messages::RenewResult>().new_certificate.common_name, HasSubstr("user0002"));
  expect_untouched(begun);
  EXPECT_EQ(renew().name(), "completed");
  EXPECT_EQ(record(begun.number).state, State::completed);
  EXPECT_EQ(bank.issued(), 2U);
}

TEST_F(OtherHolder, AnEnrolmentIsNotDoneByFinishingAnotherPersonsRenewal) {
  provision_token();
  stop_after(5);
  const Record begun = *unfinished();
  ASSERT_EQ(begun.state, State::written);
  protect_objects();
  const Ending ending = enroll(other_user);
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_THAT(ending.as<messages::RenewResult>().new_certificate.common_name, HasSubstr("user0002"));
  expect_untouched(begun);
  EXPECT_EQ(renew().name(), "completed");
  EXPECT_EQ(bank.issued(), 2U);
}

TEST_F(OtherHolder, AnEnrolmentDoesNotUseAnotherPersonsPairUp) {
  for (const int saves : {1, 2, 3}) {
    hsm.init_token("token" + std::to_string(saves));
    const auto on_token = [&](auto& job) { job.token_uri = "pkcs11:token=token" + std::to_string(saves); };
    const auto enroll_on = [&](const std::string& cn) {
      reissue_code = bank.reissue_code(cn);
      return run(JobKind::enroll, [&](auto& job) {
        on_token(job);
        job.subject_user = cn.substr(cn.rfind(' ') + 1);
      });
    };
    die_when = DyingJournal::When::after;
    die_at = saves;
    ASSERT_EQ(enroll_on(default_user).name(), "killed");
    die_when = DyingJournal::When::never;
    const Record begun = last();
    const Ending ending = enroll_on(other_user);
    ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
    EXPECT_NE(last().number, begun.number) << saves;
    EXPECT_NE(last().key_id, begun.key_id) << saves;
    expect_untouched(begun);
    EXPECT_EQ(enroll_on(default_user).name(), "completed") << "it goes on where it stopped";
    EXPECT_EQ(record(begun.number).state, State::completed) << saves;
  }
}

TEST_F(OtherHolder, NobodyWaitsForAnotherPersonsApproval) {
  bank.set("pending", "1");
  bank.set("retry_after", "3600");
  ASSERT_EQ(enroll(default_user).name(), "pending");
  const Record waiting = *unfinished();
  const Ending other = enroll(other_user);
  ASSERT_EQ(other.name(), "completed") << other.failure.value_or(Failure{}).detail;
  expect_untouched(waiting);
  const std::size_t asked = bank.requests("simpleenroll");
  EXPECT_EQ(enroll(default_user).name(), "pending");
  EXPECT_EQ(bank.requests("simpleenroll"), asked) << "not before the time that the authority has named";
}

/// After how many journal entries the enrolment broke off.
class BrokenEnrolment : public OtherHolder, public ::testing::WithParamInterface<int> {};

TEST_P(BrokenEnrolment, IsNotGivenUpByAnotherPersonsRenewal) {
  provision_token();
  break_enrolment(other_user, GetParam());
  const Record begun = last();
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  expect_untouched(begun);
  EXPECT_EQ(enroll(other_user).name(), "completed");
  EXPECT_EQ(record(begun.number).state, State::completed);
  EXPECT_EQ(bank.issued(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Entries, BrokenEnrolment, ::testing::Values(1, 2, 3));

TEST_F(OtherHolder, AMistypedUserIsCorrectedOnlyAtOnce) {
  reissue_code = bank.reissue_code(default_user);
  const auto enroll_as = [&](const std::string& user) {
    return run(JobKind::enroll, [&](auto& job) { job.subject_user = user; }).name();
  };
  ASSERT_EQ(enroll_as("user0002"), "reissue_code_invalid");
  const Record begun = *unfinished();
  clock_offset = std::chrono::minutes{11};
  EXPECT_EQ(enroll_as("user0001"), "completed");
  expect_untouched(begun);
}

TEST_F(OtherHolder, ATokenThatWasRenamedWaitsAllTheSame) {
  provision_token();
  bank.set("pending", "1");
  bank.set("retry_after", "3600");
  ASSERT_EQ(renew().name(), "pending");
  Record now = *unfinished();
  Record before = now;
  now.state = State::abandoned;
  journal()->save(now);
  before.number = 0;
  before.token_label = "as it was called before";
  journal()->save(before);
  const std::size_t asked = bank.requests("simplereenroll");
  EXPECT_EQ(renew().name(), "pending") << "its objects tell that it is this token";
  EXPECT_EQ(bank.requests("simplereenroll"), asked);
}

}  // namespace
}  // namespace koshin::test
