// SPDX-License-Identifier: MIT
// Enrolment with a one-time code.
#include <gmock/gmock.h>

#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;
using messages::RenewResult;
using pkcs11::KeyAlgorithm;
using ::testing::ElementsAre;

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
  EXPECT_EQ(run(JobKind::enroll).name(), "certificate_not_found");
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
  bank.set("drop_after_issue", "always");  // once would be made good inside the job
  EXPECT_EQ(run(JobKind::enroll, [&](auto& job) { job.subject_user = "user0001"; }).name(),
            "authority_unreachable");
  bank.set("drop_after_issue", "0");
  EXPECT_EQ(renew().name(), "reissue_needed") << "a renewal cannot go on with it";
  EXPECT_EQ(run(JobKind::enroll, [&](auto& job) { job.subject_user = "user0001"; }).name(), "completed");
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_EQ(bank.issued(), 1U);
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
