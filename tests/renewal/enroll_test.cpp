// SPDX-License-Identifier: MIT
// Enrolment with a one-time code.
#include <gmock/gmock.h>

#include <utility>

#include "enrollment/x509/certificate_request.hpp"
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;
using messages::RenewResult;
using pkcs11::KeyAlgorithm;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Enrolling : public RenewalTest {};

TEST_F(Enrolling, WorksOnAnEmptyToken) {
  reissue_code = bank.reissue_code(default_user);
  const Ending ending = run(JobKind::enroll, [&](auto& job) { job.subject_user = "user0001"; });
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  const auto& result = ending.as<RenewResult>();
  EXPECT_EQ(result.new_certificate.common_name, default_user);
  EXPECT_TRUE(result.old_certificate.sha256.empty());
  EXPECT_EQ(contents().certificates.size(), 1U);
  EXPECT_TRUE(journal()->history(1).front().enrollment);
}

TEST_F(Enrolling, TakesTheNameOfAnExpiredCertificateAndLeavesIt) {
  const Bytes old = provision_token(KeyAlgorithm::rsa_2048, -3);
  reissue_code = bank.reissue_code(default_user);
  const Ending ending = run(JobKind::enroll);
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  expect_renewed(old);
  EXPECT_EQ(ending.as<RenewResult>().new_certificate.key_algorithm, "rsa-2048");
}

TEST_F(Enrolling, NeedsACodeAndANameBeforeAnythingHappens) {
  EXPECT_EQ(run(JobKind::enroll, [&](auto& job) { job.subject_user = "user0001"; }).name(), "reissue_needed");
  reissue_code = "wrong";
  const Ending nameless = run(JobKind::enroll);
  EXPECT_EQ(nameless.name(), "usage_error") << "nobody needs a re-issue code for this";
  EXPECT_THAT(nameless.failure->detail, ::testing::HasSubstr("--user"));
  EXPECT_TRUE(contents().private_keys.empty());
}

TEST_F(Enrolling, AWrongCodeIsSaidToBeOneAndTheKeyServesTheRightOne) {
  reissue_code = "wrong-code";
  EXPECT_EQ(run(JobKind::enroll, [&](auto& job) { job.subject_user = "user0001"; }).name(),
            "reissue_code_invalid");
  reissue_code = bank.reissue_code(default_user);
  EXPECT_EQ(run(JobKind::enroll, [&](auto& job) { job.subject_user = "user0001"; }).name(), "completed");
  EXPECT_EQ(contents().private_keys.size(), 1U);
}

TEST_F(Enrolling, ALostAnswerIsAskedForAgainWithTheSameCode) {
  reissue_code = bank.reissue_code(default_user);
  settings.authority.attempts = 3;
  bank.set("drop_after_issue", "1");
  const Ending lost = run(JobKind::enroll, [&](auto& job) { job.subject_user = "user0001"; });
  EXPECT_EQ(lost.name(), "authority_unreachable") << "the same run does not send a code twice";
  EXPECT_THAT(lost.failure->detail, HasSubstr("may be used up"));
  EXPECT_EQ(renew().name(), "reissue_needed") << "a renewal cannot go on with it";
  EXPECT_EQ(run(JobKind::enroll, [&](auto& job) { job.subject_user = "user0001"; }).name(), "completed");
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_EQ(bank.issued(), 1U);
}

TEST_F(Enrolling, ACodeThatALostAnswerMayHaveUsedUpIsNotBlamedOnThePerson) {
  reissue_code = bank.reissue_code(default_user);
  bank.set("drop_before_issue", "1");
  const auto enroll = [&] { return run(JobKind::enroll, [](auto& job) { job.subject_user = "user0001"; }); };
  EXPECT_EQ(enroll().name(), "authority_unreachable");
  bank.set("status", "401:no such code");
  const Ending refused = enroll();
  EXPECT_EQ(refused.name(), "reissue_code_invalid");
  EXPECT_THAT(refused.failure->detail, HasSubstr("it may be used up by that"));
}

TEST_F(Enrolling, AnIssuedCertificateIsFinishedByARenewalJobToo) {
  reissue_code = bank.reissue_code(default_user);
  die_when = DyingJournal::When::after;
  die_at = 4;
  ASSERT_EQ(run(JobKind::enroll, [&](auto& job) { job.subject_user = "user0001"; }).name(), "killed");
  die_when = DyingJournal::When::never;
  reissue_code.clear();
  EXPECT_EQ(renew().name(), "completed");
}

TEST_F(Enrolling, RunAgainAfterItsEndItTellsTheSameAndMakesNoSecondKey) {
  reissue_code = bank.reissue_code(default_user);
  const auto enroll = [&](bool force = false) {
    return run(JobKind::enroll, [&](auto& job) {
      job.subject_user = "user0001";
      job.force = force;
    });
  };
  const Ending first = enroll();
  const Ending again = enroll();
  EXPECT_THAT(again.notices(), ElementsAre("enrolled_before"));
  EXPECT_EQ(again.as<RenewResult>().new_certificate.sha256, first.as<RenewResult>().new_certificate.sha256);
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_EQ(bank.issued(), 1U);
  reissue_code = bank.reissue_code(default_user);
  EXPECT_EQ(enroll(true).name(), "completed");
  EXPECT_EQ(bank.issued(), 2U) << "whoever insists gets another one";
}

TEST_F(Enrolling, ACodeThatComesLaterIsForAnotherCertificate) {
  const auto enroll = [&] {
    reissue_code = bank.reissue_code(default_user);
    return run(JobKind::enroll, [](auto& job) { job.subject_user = "user0001"; }).name();
  };
  ASSERT_EQ(enroll(), "completed");
  clock_offset = std::chrono::minutes{11};
  EXPECT_EQ(enroll(), "completed");
  EXPECT_EQ(bank.issued(), 2U);
}

TEST_F(Enrolling, AProofThatCannotBeHadIsNoReasonToFetchAnotherCertificate) {
  const auto enroll = [&] {
    reissue_code = bank.reissue_code(default_user);
    return run(JobKind::enroll, [](auto& job) { job.subject_user = "user0001"; }).name();
  };
  ASSERT_EQ(enroll(), "completed");
  const std::string url = std::exchange(settings.authority.prove_url, "https://localhost:1/login");
  EXPECT_EQ(enroll(), "authority_unreachable");
  EXPECT_EQ(bank.issued(), 1U);
  settings.authority.prove_url = url;
  EXPECT_EQ(enroll(), "completed");
  EXPECT_EQ(bank.issued(), 1U) << "what was fetched before logs in";
}

TEST_F(Enrolling, ACorrectedUserIdIsAskedForWithTheSameKey) {
  reissue_code = bank.reissue_code(default_user);
  const auto enroll = [&](const std::string& user) {
    return run(JobKind::enroll, [&](auto& job) { job.subject_user = user; }).name();
  };
  EXPECT_EQ(enroll("user0002"), "reissue_code_invalid");
  const auto begun = unfinished();
  ASSERT_TRUE(begun.has_value());
  ASSERT_EQ(begun->state, renewal::State::requested);
  EXPECT_EQ(enroll("user0001"), "completed");
  const auto ended = journal()->history(1).front();
  EXPECT_EQ(ended.number, begun->number);
  EXPECT_EQ(ended.public_key, begun->public_key);
  EXPECT_NE(enrollment::subject_of_request(ended.request), enrollment::subject_of_request(begun->request));
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_EQ(bank.issued(), 1U);
}

/// A renewal whose certificate was issued and not written, and somebody with a code.
class EnrollingOverAnIssuedRenewal : public RenewalTest {
 protected:
  void SetUp() override {
    old_ = provision_token();
    die_when = DyingJournal::When::after;
    die_at = 4;
    ASSERT_EQ(renew().name(), "killed");
    die_when = DyingJournal::When::never;
    ASSERT_EQ(unfinished()->state, renewal::State::issued);
  }
  Ending enroll_on(const std::string& label) {
    return run(JobKind::enroll, [&](auto& job) {
      job.subject_user = "user0001";
      job.token_uri = "pkcs11:token=" + label;
    });
  }
  Bytes old_;
};

TEST_F(EnrollingOverAnIssuedRenewal, FinishesIt) {
  reissue_code = bank.reissue_code(default_user);
  EXPECT_EQ(enroll_on("demo").name(), "completed");
  expect_renewed(old_);
  EXPECT_EQ(bank.issued(), 1U);
}

TEST_F(EnrollingOverAnIssuedRenewal, GivesItUpWhenItDoesNotLogInAndFetchesAnotherNextTime) {
  hsm.init_token("other");
  reissue_code = bank.reissue_code(default_user);
  ASSERT_EQ(enroll_on("other").name(), "completed") << "the bank revokes the one before";
  reissue_code = bank.reissue_code(default_user);
  EXPECT_EQ(enroll_on("demo").name(), "proof_failed");
  EXPECT_EQ(unfinished(), std::nullopt);
  EXPECT_EQ(enroll_on("demo").name(), "completed") << "the code is still good";
  EXPECT_EQ(bank.issued(), 3U);
}

TEST_F(Enrolling, WhatTheBankDoesNotLetInAnyMoreIsFetchedAnew) {
  const auto enroll_on = [&](const std::string& label) {
    reissue_code = bank.reissue_code(default_user);
    return run(JobKind::enroll,
               [&](auto& job) {
                 job.subject_user = "user0001";
                 job.token_uri = "pkcs11:token=" + label;
               })
        .name();
  };
  ASSERT_EQ(enroll_on("demo"), "completed");
  hsm.init_token("other");
  ASSERT_EQ(enroll_on("other"), "completed") << "the bank revokes the one before";
  EXPECT_EQ(enroll_on("demo"), "completed");
  EXPECT_EQ(bank.issued(), 3U);
}

}  // namespace
}  // namespace koshin::test
