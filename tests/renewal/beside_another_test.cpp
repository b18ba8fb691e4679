// SPDX-License-Identifier: MIT
// Two people's certificates on one token: the unfinished renewal of one is nobody else's affair.
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;
using pkcs11::KeyAlgorithm;
using renewal::Record;

/// The certificate of another person on the same token, and of one whose renewal is unfinished.
class BesideAnother : public RenewalTest {
 protected:
  void SetUp() override {
    other_ = enrollment::Certificate::from_der(
                 provision_token(KeyAlgorithm::ec_p256, 10, "12345678901234 user0002"))
                 .sha256();
    first_ = enrollment::Certificate::from_der(provision_token(KeyAlgorithm::ec_p256, 8)).sha256();
  }
  Ending renew_named(const std::string& sha256) {
    return run(JobKind::renew, [&](auto& job) { job.certificate_sha256 = sha256; });
  }
  static std::string renewed(const Ending& ending) {
    return ending.as<messages::RenewResult>().old_certificate.sha256;
  }
  std::string first_, other_;
};

TEST_F(BesideAnother, WhatIsNamedIsRenewedAndNothingElse) {
  stop_after(3);
  const Record begun = *unfinished();
  EXPECT_EQ(renewed(renew_named(other_)), other_);
  EXPECT_EQ(unfinished()->number, begun.number);
  EXPECT_EQ(renewed(renew()), first_) << "it goes on where it stopped";
  EXPECT_EQ(bank.issued(), 2U);
}

TEST_F(BesideAnother, NobodyWaitsForAnApprovalOfAnotherPersonsCertificate) {
  bank.set("pending", "1");
  bank.set("retry_after", "3600");
  ASSERT_EQ(renew_named(first_).name(), "pending");
  const std::size_t asked = bank.requests("simplereenroll");
  EXPECT_EQ(renew_named(first_).name(), "pending");
  EXPECT_EQ(bank.requests("simplereenroll"), asked);
  EXPECT_EQ(renewed(renew()), other_);
  EXPECT_EQ(renew().name(), "pending") << "now there is nothing else to do";
  clock_offset = std::chrono::hours{2};
  EXPECT_EQ(renewed(renew()), first_);
}

TEST_F(BesideAnother, WhereBothWaitForTheirApprovalEachIsGoneOnWith) {
  bank.set("pending", "2");
  bank.set("retry_after", "3600");
  ASSERT_EQ(renew_named(first_).name(), "pending");
  ASSERT_EQ(renew_named(other_).name(), "pending");
  EXPECT_EQ(renew().name(), "pending");
  clock_offset = std::chrono::hours{2};
  renewed(renew());
  renewed(renew());
  EXPECT_EQ(journal()->history(10).size(), 2U);
}

TEST_F(BesideAnother, NobodyWaitsForAnotherPersonsYes) {
  bank.set("wrong_usage", "always");
  for (int run = 0; run < 2; ++run) EXPECT_EQ(renew_named(first_).name(), "issued_usage_changed");
  bank.set("wrong_usage", "0");
  EXPECT_EQ(renew_named(first_).name(), "answer_wrong_twice");
  EXPECT_EQ(renewed(renew()), other_);
  EXPECT_EQ(renew().name(), "answer_wrong_twice");
}

}  // namespace
}  // namespace koshin::test
