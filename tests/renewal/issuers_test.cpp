// SPDX-License-Identifier: MIT
// Purpose, holder and issuer of certificates, by what they say.
#include "renewal/token/issuers.hpp"

#include <gtest/gtest.h>

#include "enrollment/pki.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/token/certificate_purpose.hpp"
#include "renewal/token/token_report.hpp"

namespace koshin::renewal {
namespace {

namespace pki = enrollment::test;
using enrollment::Certificate;
using messages::Purpose;
using pki::Issuer;
using Extensions = std::vector<std::pair<int, std::string>>;

const std::pair<int, std::string> names_issuer_key{NID_authority_key_identifier, "keyid:always"};

Certificate issue(const Issuer& issuer, Extensions extensions,
                  const pkcs11::Bytes& subject = pki::user_name()) {
  static const auto key = pki::make_ec_key();
  auto spec = pki::user_spec(key.get(), pki::test_now());
  spec.subject = subject;
  spec.extensions = std::move(extensions);
  return issuer.issue(spec);
}

class Issuers : public ::testing::Test {
 protected:
  Issuer root_ = Issuer::make_root("Root", pki::test_now());
  Issuer old_ = root_.make_intermediate("Issuing CA", pki::test_now());
  Issuer new_ = root_.make_intermediate("Issuing CA", pki::test_now());  // of the same name
};

TEST_F(Issuers, AreTheKeyThatTheCertificateNames) {
  const auto one = issue(old_, {names_issuer_key}), other = issue(new_, {names_issuer_key});
  EXPECT_EQ(issuer_key_of(one, {}).substr(0, 4), "key:");
  EXPECT_NE(issuer_key_of(one, {}), issuer_key_of(other, {})) << "one name, two keys";
  EXPECT_EQ(issuer_key_of(one, {}), issuer_key_of(issue(old_, {names_issuer_key}), {}));
}

TEST_F(Issuers, AreFoundByTheirSignatureWhereTheCertificateNamesNone) {
  const auto one = issue(old_, {}), other = issue(new_, {});
  EXPECT_EQ(issuer_key_of(one, {}), issuer_key_of(other, {})) << "nothing but the name is known";
  EXPECT_EQ(issuer_key_of(one, {}).substr(0, 5), "name:");
  const Certificates at_hand{new_.certificate(), old_.certificate()};
  EXPECT_EQ(issuer_key_of(one, at_hand), issuer_key_of(issue(old_, {names_issuer_key}), {}));
  EXPECT_EQ(issuer_key_of(other, at_hand), issuer_key_of(issue(new_, {names_issuer_key}), {}));
}

TEST_F(Issuers, CountAsOneWhereTheSameAnchorVouchesForThem) {
  const auto joined = joined_issuers({root_.certificate()}, {old_.certificate(), new_.certificate()});
  const auto key = [&](const Issuer& issuer) { return issuer_key_of(issue(issuer, {names_issuer_key}), {}); };
  ASSERT_TRUE(joined.contains(key(old_)) && joined.contains(key(new_)));
  EXPECT_EQ(joined.at(key(old_)), joined.at(key(new_)));
  const auto stranger = Issuer::make_root("Stranger", pki::test_now());
  const auto theirs = stranger.make_intermediate("Issuing CA", pki::test_now());
  const auto apart = joined_issuers({root_.certificate()},
                                    {old_.certificate(), stranger.certificate(), theirs.certificate()});
  EXPECT_FALSE(apart.contains(key(theirs))) << "no anchor vouches for it";
  const auto two = joined_issuers({root_.certificate(), stranger.certificate()},
                                  {old_.certificate(), theirs.certificate()});
  EXPECT_NE(two.at(key(old_)), two.at(key(theirs))) << "two anchors are two";
}

pkcs11::Bytes name(int type, const std::string& common_name, bool turned = false) {
  const auto text = [](std::string_view value) { return pkcs11::Bytes(value.begin(), value.end()); };
  std::vector<pki::NamePart> parts{{NID_organizationName, type, text("Sakura Test Bank")},
                                   {NID_commonName, type, text(common_name)}};
  if (turned) std::swap(parts[0], parts[1]);
  return pki::make_name(parts);
}

TEST_F(Issuers, HoldersAreComparedByMeaningAndNotByEncoding) {
  const auto holder = [&](const pkcs11::Bytes& subject) { return holder_of(issue(root_, {}, subject)); };
  const std::string same = holder(name(V_ASN1_UTF8STRING, "user0001"));
  EXPECT_EQ(holder(name(V_ASN1_PRINTABLESTRING, "user0001")), same);
  EXPECT_EQ(holder(name(V_ASN1_UTF8STRING, " USER0001 ")), same) << "RFC 5280 section 7.1";
  EXPECT_NE(holder(name(V_ASN1_UTF8STRING, "user0001", true)), same) << "another order";
  EXPECT_NE(holder(name(V_ASN1_UTF8STRING, "user 0001")), same);
  EXPECT_NE(holder(name(V_ASN1_UTF8STRING, std::string("user0001\0x", 10))), same);
  EXPECT_NE(holder_of(issue(root_, {{NID_subject_alt_name, "email:user@bank.example"}},
                            name(V_ASN1_UTF8STRING, "user0001"))),
            same);
}

struct Case {
  Purpose purpose;
  Extensions extensions;
  bool decrypts = false;
};

TEST_F(Issuers, PurposeIsWhatTheCertificateSays) {
  const std::vector<Case> cases{
      {Purpose::log_in, {}},
      {Purpose::log_in, {{NID_key_usage, "digitalSignature"}}},
      {Purpose::log_in, {{NID_ext_key_usage, "clientAuth"}}},
      {Purpose::log_in, {{NID_ext_key_usage, "anyExtendedKeyUsage"}}},
      {Purpose::log_in, {{NID_ext_key_usage, "msSmartcardLogin,clientAuth"}}},
      {Purpose::unknown, {{NID_ext_key_usage, "msSmartcardLogin"}}},
      {Purpose::signature, {{NID_ext_key_usage, "msSmartcardLogin,emailProtection"}}, true},
      {Purpose::log_in,
       {{NID_key_usage, "digitalSignature,keyEncipherment"}, {NID_ext_key_usage, "clientAuth"}}},
      {Purpose::log_in, {{NID_key_usage, "digitalSignature,keyEncipherment"}}},
      {Purpose::log_in,
       {{NID_key_usage, "digitalSignature,keyEncipherment"},
        {NID_subject_alt_name, "email:user@bank.example"}},
       true},
      {Purpose::log_in,
       {{NID_key_usage, "digitalSignature,keyEncipherment"},
        {NID_ext_key_usage, "clientAuth,emailProtection"}},
       true},
      {Purpose::signature, {{NID_key_usage, "nonRepudiation"}}},
      {Purpose::signature, {{NID_key_usage, "digitalSignature"}, {NID_ext_key_usage, "emailProtection"}}},
      {Purpose::signature, {{NID_ext_key_usage, "emailProtection"}}, true},
      {Purpose::encryption, {{NID_key_usage, "keyEncipherment"}}, true},
      {Purpose::encryption, {{NID_key_usage, "keyAgreement"}, {NID_ext_key_usage, "emailProtection"}}, true},
      {Purpose::unknown, {{NID_key_usage, "keyEncipherment"}, {NID_ext_key_usage, "clientAuth"}}, true},
      {Purpose::unknown, {{NID_key_usage, "cRLSign"}}},
      {Purpose::authority, {{NID_basic_constraints, "CA:TRUE"}}},
      {Purpose::authority, {{NID_basic_constraints, "CA:TRUE"}, {NID_ext_key_usage, "clientAuth"}}},
      {Purpose::authority, {{NID_key_usage, "keyCertSign"}}},
      {Purpose::log_in,
       {{NID_basic_constraints, "CA:FALSE"},
        {NID_key_usage, "digitalSignature,keyCertSign"},
        {NID_ext_key_usage, "clientAuth"}}},
  };
  for (const Case& one : cases) {
    const auto certificate = issue(root_, one.extensions);
    std::string shown;
    for (const auto& [nid, value] : one.extensions) shown += value + "; ";
    EXPECT_EQ(to_string(renewal::purpose_of(certificate, true)), to_string(one.purpose)) << shown;
    EXPECT_EQ(renewal::decrypts(certificate), one.decrypts) << shown;
  }
}

TEST_F(Issuers, CertificatesThatShowNoContentAreNotTheSame) {
  pkcs11::TokenObject object;
  object.object_class = pkcs11::ObjectClass::certificate;
  object.handle = 1;
  pkcs11::TokenObject other = object;
  other.handle = 2;
  messages::TokenReport report;
  renewal::report_objects(report, {object, other}, {.private_objects = true});
  ASSERT_EQ(report.certificates.size(), 2U);
  EXPECT_EQ(report.certificates.front().sha256, "");
  EXPECT_EQ(renewal::find_certificate(report, ""), nullptr) << "so that nobody can name it";
}

TEST_F(Issuers, WhatNobodyHasIssuedIsAPlaceholderBesideAKeyAndAnOldRootWithoutOne) {
  const auto plain = issue(root_, {}, root_.certificate().subject_der());
  EXPECT_EQ(renewal::purpose_of(plain, true), Purpose::placeholder);
  EXPECT_EQ(renewal::purpose_of(plain, false), Purpose::authority);
  const auto named = issue(root_, {{NID_key_usage, "digitalSignature"}}, root_.certificate().subject_der());
  EXPECT_EQ(renewal::purpose_of(named, false), Purpose::placeholder);
}

}  // namespace
}  // namespace koshin::renewal
