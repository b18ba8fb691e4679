// SPDX-License-Identifier: MIT
// Certificates whose keys are of rarer types: renewed with a key of the same type and of another, with the
// same key, and what is said of a key that can do none of it.
#include <gmock/gmock.h>

#include <algorithm>
#include <ostream>

#include "renewal_fixture.hpp"
#include "support/raw_objects.hpp"

namespace koshin::test {
namespace {

using messages::JobKind;
using messages::RenewResult;
using pkcs11::KeyAlgorithm;
using ::testing::HasSubstr;

struct Change {
  KeyAlgorithm old;
  const char* policy;    ///< renewal.key
  const char* expected;  ///< the new certificate's key
};

void PrintTo(const Change& change, std::ostream* out) {
  *out << pkcs11::to_string(change.old) << " with " << change.policy;
}

class KeyTypes : public RenewalTest, public ::testing::WithParamInterface<Change> {};

TEST_P(KeyTypes, change_as_renewal_key_says) {
  const Change change = GetParam();
  const Bytes old = provision_token(change.old);
  settings.renewal.key = change.policy;
  const Ending ending = renew();
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  const auto& result = ending.as<RenewResult>();
  EXPECT_EQ(result.new_certificate.key_algorithm, change.expected);
  EXPECT_EQ(result.old_certificate.key_algorithm, pkcs11::to_string(change.old));
  const bool same_key = settings.renewal.key == "renew";
  EXPECT_EQ(contents().private_keys.size(), same_key ? 1U : 2U);
  EXPECT_EQ(bank.logins(), 1U) << "proved";
  if (!same_key) expect_renewed(old);
}

INSTANTIATE_TEST_SUITE_P(All, KeyTypes,
                         ::testing::Values(Change{KeyAlgorithm::ec_p521, "ec-p256", "ec-p256"},
                                           Change{KeyAlgorithm::ec_p521, "rsa-3072", "rsa-3072"},
                                           Change{KeyAlgorithm::ec_p521, "renew", "ec-p521"},
                                           Change{KeyAlgorithm::rsa_3072, "ec-p521", "ec-p521"},
                                           Change{KeyAlgorithm::rsa_3072, "renew", "rsa-3072"},
                                           Change{KeyAlgorithm::ec_p256, "ec-p521", "ec-p521"}),
                         [](const auto& about) {
                           std::string name = std::string(pkcs11::to_string(about.param.old)) + "_with_" +
                                              about.param.policy;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

/// OpenSSL signs with RSA and EC keys of a token, and with no others.
class Ed25519OnTheToken : public RenewalTest {
 protected:
  Bytes provision_ed25519(int days_left) {
    Bytes der;
    {
      RawObjects raw("demo", pin);
      const Bytes id{0xED, 0x25};
      der = bank.issue(raw.generate_ed25519_pair(id), default_user, days_left);
      raw.add_certificate(der, {id});
    }
    protect_objects();
    return der;
  }
};

TEST_F(Ed25519OnTheToken, is_refused_before_anything_is_done) {
  provision_ed25519(12);
  for (const char* policy : {"same", "ec-p256", "renew"}) {
    settings.renewal.key = policy;
    const Ending ending = renew();
    ASSERT_EQ(ending.name(), "key_algorithm_not_allowed")
        << policy << ": " << ending.failure.value_or(Failure{}).detail;
    EXPECT_THAT(ending.failure->detail, HasSubstr("ED25519"));
    EXPECT_EQ(run(JobKind::renew, [](auto& job) { job.dry_run = true; }).name(), "key_algorithm_not_allowed");
  }
  EXPECT_EQ(contents().private_keys.size(), 1U);
  EXPECT_TRUE(journal()->history(1).empty());
  EXPECT_EQ(bank.requests("simplereenroll"), 0U);
}

TEST_F(Ed25519OnTheToken, the_doctor_names_the_key) {
  provision_ed25519(12);
  const Ending ending = run(JobKind::doctor);
  const auto& checks = ending.as<messages::DoctorResult>().checks;
  const auto key = std::ranges::find(checks, "key", &messages::DoctorResult::Check::id);
  ASSERT_NE(key, checks.end());
  EXPECT_EQ(key->reason, Reason::key_algorithm_not_allowed);
  EXPECT_THAT(key->text, HasSubstr("ED25519"));
}

TEST_F(Ed25519OnTheToken, is_followed_by_a_key_of_another_type_with_a_code) {
  const Bytes old = provision_ed25519(12);
  reissue_code = bank.reissue_code(default_user);
  EXPECT_EQ(run(JobKind::enroll).name(), "key_algorithm_not_allowed") << "the same type is not made";
  settings.renewal.key = "ec-p256";
  const Ending ending = run(JobKind::enroll);
  ASSERT_EQ(ending.name(), "completed") << ending.failure.value_or(Failure{}).detail;
  EXPECT_EQ(ending.as<RenewResult>().new_certificate.key_algorithm, "ec-p256");
  EXPECT_EQ(contents().certificates.size(), 2U);
}

}  // namespace
}  // namespace koshin::test
