// SPDX-License-Identifier: MIT
// What a renewed certificate may be used for: nothing lost that means something for its key, nothing added.
#include <gmock/gmock.h>

#include "issued_check_fixture.hpp"

namespace koshin::enrollment {
namespace {

using test::IssuedCheckTest;
using testing::HasSubstr;

class IssuedUsages : public IssuedCheckTest {
 protected:
  /// The old certificate has these usages, and this kind of key.
  void old_with(const char* usage, const char* extended, const test::EvpPkey& key) {
    auto spec = test::user_spec(key.get(), now_);
    spec.extensions = {{NID_key_usage, usage}, {NID_ext_key_usage, extended}};
    old_ = make_old(spec);
    apply_old_certificate();
  }
  void ask_for(const test::EvpPkey& key) {
    asked_ = key.get();
    check_.requested_public_key = test::public_key(asked_);
  }
  Certificate with(const char* usage, const char* extended) const {
    auto spec = good();
    spec.public_key = test::public_key(asked_);
    spec.extensions[0].second = usage;
    spec.extensions[1].second = extended;
    return issuing_.issue(spec);
  }
  std::string detail(const Certificate& issued) const {
    const auto failure = test::failure_of([&] { check_issued(issued, check_); });
    EXPECT_EQ(failure.reason, Reason::issued_usage_changed);
    return failure.detail;
  }
  const EVP_PKEY* asked_ = new_key_.get();
};

TEST_F(IssuedUsages, NamesWhatWasLost) {
  old_with("critical,digitalSignature,nonRepudiation", "clientAuth,emailProtection", old_key_);
  EXPECT_THAT(detail(with("critical,digitalSignature", "clientAuth,emailProtection")),
              HasSubstr("lacks key usages that the old one has: nonRepudiation"));
  EXPECT_THAT(detail(with("critical,digitalSignature,nonRepudiation", "clientAuth")),
              HasSubstr("lacks the extended key usage emailProtection (1.3.6.1.5.5.7.3.4)"));
  EXPECT_THAT(detail(with("critical,nonRepudiation", "clientAuth,emailProtection")),
              HasSubstr("no longer for client authentication"));
  EXPECT_NO_THROW(check_issued(
      with("critical,digitalSignature,nonRepudiation,keyAgreement", "clientAuth,emailProtection"), check_));
}

TEST_F(IssuedUsages, RefusesACertificateThatHasLostItsRestrictions) {
  auto spec = good();
  spec.extensions.erase(spec.extensions.begin());
  EXPECT_THAT(detail(issuing_.issue(spec)), HasSubstr("lacks the key usage extension"));
  spec = good();
  spec.extensions.erase(spec.extensions.begin() + 1);
  EXPECT_THAT(detail(issuing_.issue(spec)), HasSubstr("lacks the extended key usage extension"));
}

TEST_F(IssuedUsages, RefusesWhatWasAddedUnlessTheSettingsNameIt) {
  for (const char* added :
       {"clientAuth,serverAuth", "clientAuth,codeSigning", "clientAuth,anyExtendedKeyUsage",
        "clientAuth,OCSPSigning", "clientAuth,1.2.3.4"}) {
    EXPECT_THAT(detail(with("critical,digitalSignature", added)), HasSubstr("which the old one has not"))
        << added;
  }
  check_.expect.added_extended_usages = {"1.3.6.1.5.5.7.3.4"};
  EXPECT_NO_THROW(check_issued(with("critical,digitalSignature", "clientAuth,emailProtection"), check_));
  EXPECT_EQ(reason(with("critical,digitalSignature", "clientAuth,emailProtection,codeSigning")),
            "issued_usage_changed");
}

TEST_F(IssuedUsages, RefusesThoseOfAnAuthority) {
  EXPECT_THAT(detail(with("critical,digitalSignature,keyCertSign", "clientAuth")),
              HasSubstr("key usages of an authority: keyCertSign"));
  EXPECT_THAT(detail(with("critical,digitalSignature,cRLSign", "clientAuth")), HasSubstr("cRLSign"));
}

TEST_F(IssuedUsages, NoEnciphermentIsDemandedOfAnEcKey) {
  old_with("critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment", "clientAuth",
           test::make_rsa_key());
  EXPECT_NO_THROW(check_issued(with("critical,digitalSignature,nonRepudiation", "clientAuth"), check_));
  EXPECT_THAT(detail(with("critical,digitalSignature", "clientAuth")), testing::EndsWith(": nonRepudiation"));
  const auto rsa = test::make_rsa_key();
  ask_for(rsa);
  EXPECT_THAT(detail(with("critical,digitalSignature,nonRepudiation,dataEncipherment", "clientAuth")),
              testing::EndsWith(": keyEncipherment"));
}

TEST_F(IssuedUsages, NoAgreementIsDemandedOfAnRsaKey) {
  old_with("critical,digitalSignature,keyAgreement,encipherOnly", "clientAuth", old_key_);
  EXPECT_THAT(detail(with("critical,digitalSignature", "clientAuth")),
              testing::EndsWith(": keyAgreement, encipherOnly"));
  const auto rsa = test::make_rsa_key();
  ask_for(rsa);
  EXPECT_NO_THROW(check_issued(with("critical,digitalSignature", "clientAuth"), check_));
}

TEST_F(IssuedCheckTest, RefusesNewRestrictionsThatEndClientAuthentication) {
  auto old_spec = test::user_spec(old_key_.get(), now_);
  old_spec.extensions.clear();
  old_ = make_old(old_spec);
  apply_old_certificate();
  auto spec = good();
  spec.extensions[1].second = "emailProtection";
  EXPECT_EQ(reason(spec), "issued_usage_changed");
}

TEST_F(IssuedUsages, ACriticalExtensionThatNobodyKnowsIsNamed) {
  auto spec = good();
  spec.extensions.emplace_back(OBJ_create("1.3.6.1.4.1.99999.7", "koshinTest", "koshin test"),
                               "critical,ASN1:UTF8String:x");
  EXPECT_THAT(detail(issuing_.issue(spec)), HasSubstr("1.3.6.1.4.1.99999.7"));
}

TEST_F(IssuedUsages, WhatOpensslDoesNotLetLogInIsNoClientsCertificate) {
  auto spec = good();
  spec.extensions.emplace_back(NID_netscape_cert_type, "server");
  EXPECT_THAT(detail(issuing_.issue(spec)), HasSubstr("nsCertType"));
  spec.extensions.back().second = "client";
  EXPECT_NO_THROW(check_issued(issuing_.issue(spec), check_));
}

TEST_F(IssuedUsages, AnExtensionThatIsThereTwiceIsNamed) {
  auto spec = good();
  spec.extensions.emplace_back(NID_subject_alt_name, "email:user@bank.test");
  EXPECT_THAT(detail(issuing_.issue(spec)), HasSubstr("(2.5.29.17) twice"));
  spec = good();
  const Bytes policy{0x30, 0x07, 0x30, 0x05, 0x06, 0x03, 0x2A, 0x03, 0x04};
  spec.raw_extensions.emplace_back("2.5.29.32", policy);
  EXPECT_NO_THROW(check_issued(issuing_.issue(spec), check_));
  spec.raw_extensions.emplace_back("2.5.29.32", policy);
  EXPECT_THAT(detail(issuing_.issue(spec)), HasSubstr("(2.5.29.32) twice"));
}

TEST_F(IssuedUsages, AnExtensionThatCannotBeReadIsNamedUnlessTheOldOneHasItToo) {
  for (const char* kind : {"2.5.29.32", "2.5.29.30", "2.5.29.15"}) {
    auto spec = good();
    if (std::string_view(kind) == "2.5.29.15") spec.extensions.erase(spec.extensions.begin());
    spec.raw_extensions.emplace_back(kind, Bytes{0x04, 0x01, 0x00});
    EXPECT_THAT(detail(issuing_.issue(spec)), HasSubstr(std::string("cannot be read: "))) << kind;
    EXPECT_THAT(detail(issuing_.issue(spec)), HasSubstr(kind));
  }
  auto spec = test::user_spec(old_key_.get(), now_);
  spec.raw_extensions.emplace_back("2.5.29.32", Bytes{0x04, 0x01, 0x00});
  old_ = make_old(spec);
  apply_old_certificate();
  spec = good();
  spec.raw_extensions.emplace_back("2.5.29.32", Bytes{0x04, 0x01, 0x00});
  try {
    check_issued(issuing_.issue(spec), check_);
  } catch (const FailureError& error) {
    EXPECT_THAT(error.failure().detail, testing::Not(HasSubstr("cannot be read")));
  }
}

TEST_F(IssuedUsages, AnotherVersionThanThreeHasNoExtensions) {
  auto spec = good();
  spec.version = 4;
  EXPECT_THAT(detail(issuing_.issue(spec)), HasSubstr("version 5"));
  spec.version = X509_VERSION_1;
  EXPECT_THAT(detail(issuing_.issue(spec)), HasSubstr("says that it is of version 1"));
}

TEST_F(IssuedUsages, TheSerialNumberIsNotTheOldOnes) {
  auto spec = good();
  spec.serial = ASN1_INTEGER_get(X509_get0_serialNumber(old_.native()));
  EXPECT_THAT(detail(issuing_.issue(spec)), HasSubstr("serial number"));
}

}  // namespace
}  // namespace koshin::enrollment
