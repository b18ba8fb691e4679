// SPDX-License-Identifier: MIT
// Certificates of two banks on one token, before anything is known of the authority.
#include "renewal_fixture.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;
using ::testing::AllOf;
using ::testing::HasSubstr;

class TwoBanks : public RenewalTest {
 protected:
  TwoBanks() : other(directory.path() / "another bank") {}
  Bytes from(TestBank& issuer, int days_left, const std::string& user = default_user) {
    return provision(hsm, "demo", issuer, pkcs11::KeyAlgorithm::ec_p256, days_left, user);
  }
  TestBank other;
};

TEST_F(TwoBanks, TheAuthorityIsAskedWhichAreItsOwnBeforeOneIsChosen) {
  from(other, 3, "another name");
  const Bytes ours = from(bank, 12);
  protect_objects();
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_EQ(ending.as<messages::RenewResult>().old_certificate.sha256,
            enrollment::Certificate::from_der(ours).sha256());
}

TEST_F(TwoBanks, AnExpiredOneOfOursIsToldOfBesideAnotherBanksValidOne) {
  from(other, 300);
  from(bank, -3);
  EXPECT_EQ(renew().name(), "reissue_needed");
}

TEST_F(TwoBanks, AnOldOneOfAnotherBankIsNoNewsBesideOurs) {
  from(other, -3);
  from(bank, 300);
  EXPECT_EQ(renew().name(), "not_due");
}

TEST_F(TwoBanks, ARefusalNamesTheOthersThatMayBeMeant) {
  const Bytes theirs = from(other, 12);
  const Bytes ours = from(bank, 300, "12345678901234 user0002");
  const Ending ending = run(JobKind::renew, [&](auto& job) {
    job.certificate_sha256 = enrollment::Certificate::from_der(theirs).sha256();
  });
  ASSERT_THAT(ending.name(), ::testing::AnyOf("authority_authentication_failed", "authority_refused"));
  EXPECT_THAT(ending.failure->detail,
              AllOf(HasSubstr("user0002"), HasSubstr("expect"), HasSubstr("--certificate"),
                    HasSubstr(enrollment::Certificate::from_der(ours).sha256()),
                    HasSubstr(enrollment::Certificate::from_der(ours).issuer())));
}

}  // namespace
}  // namespace koshin::test
