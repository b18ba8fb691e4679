// SPDX-License-Identifier: MIT
// PKCS#10 requests: what is copied stays byte for byte, and the token's signature is not believed unseen.
#include "enrollment/x509/certificate_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "enrollment/x509/openssl_handles.hpp"
#include "enrollment/x509/request_reader.hpp"
#include "failure_matcher.hpp"
#include "pki.hpp"

namespace koshin::enrollment {
namespace {

X509Request parse(const Bytes& der) {
  return from_der_exactly<X509Request>(der, d2i_X509_REQ);
}

/// The one extension of the request, as raw bytes and criticality.
std::pair<Bytes, bool> alternative_name_of(const Bytes& der) {
  const auto request = parse(der);
  const ExtensionStack extensions(X509_REQ_get_extensions(request.get()));
  EXPECT_EQ(sk_X509_EXTENSION_num(extensions.get()), 1);
  X509_EXTENSION* extension = sk_X509_EXTENSION_value(extensions.get(), 0);
  EXPECT_EQ(OBJ_obj2nid(X509_EXTENSION_get_object(extension)), NID_subject_alt_name);
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(extension);
  const unsigned char* first = ASN1_STRING_get0_data(value);
  return {Bytes(first, first + ASN1_STRING_length(value)), X509_EXTENSION_get_critical(extension) == 1};
}

class CertificateRequest : public testing::Test {
 protected:
  RequestContent content() const {
    RequestContent made;
    made.subject_der = test::user_name();
    made.public_key_der = test::public_key(key_.get());
    return made;
  }
  Bytes make(const RequestContent& with) const { return make_certificate_request(with, key_.get()); }
  test::EvpPkey key_ = test::make_ec_key();
};

TEST_F(CertificateRequest, IsSignedByTheNewKeyAndHoldsIt) {
  const Bytes der = make(content());
  const auto request = parse(der);
  ASSERT_TRUE(request);
  EXPECT_EQ(X509_REQ_verify(request.get(), key_.get()), 1);
  EXPECT_EQ(X509_REQ_get_version(request.get()), X509_REQ_VERSION_1);
  EXPECT_EQ(public_key_of_request(der), test::public_key(key_.get()));
  EXPECT_EQ(X509_REQ_get_attr_count(request.get()), 0);
}

TEST_F(CertificateRequest, E2_CopiesTheSubjectOfEveryStringTypeByteForByte) {
  auto with = content();
  with.subject_der =
      test::make_name({{NID_countryName, V_ASN1_PRINTABLESTRING, {'J', 'P'}},
                       {NID_organizationName, V_ASN1_T61STRING, {'B', 0xE4, 'n', 'k'}},
                       {NID_organizationalUnitName, V_ASN1_BMPSTRING, {0x66, 0xF4, 0x65, 0xB0}},
                       {NID_organizationalUnitName, V_ASN1_PRINTABLESTRING, {'A', ' ', ' ', 'B'}},
                       {NID_commonName, V_ASN1_UNIVERSALSTRING, {0, 0, 0, 'x'}},
                       {NID_pkcs9_emailAddress, V_ASN1_IA5STRING, {'A', '@', 'b'}}});
  const auto request = parse(make(with));
  EXPECT_EQ(to_der(X509_REQ_get_subject_name(request.get()), i2d_X509_NAME), with.subject_der);
}

TEST_F(CertificateRequest, E2_CopiesARelativeNameOfSeveralValuesAndAnEmptySubject) {
  auto with = content();
  // SET { CN=b, CN=a }: out of DER's order, as some authority once wrote it.
  with.subject_der = {0x30, 0x16, 0x31, 0x14, 0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0C,
                      0x01, 'b',  0x30, 0x08, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0C, 0x01, 'a'};
  EXPECT_EQ(to_der(X509_REQ_get_subject_name(parse(make(with)).get()), i2d_X509_NAME), with.subject_der);
  with.subject_der = {0x30, 0x00};
  EXPECT_EQ(to_der(X509_REQ_get_subject_name(parse(make(with)).get()), i2d_X509_NAME), with.subject_der);
}

TEST_F(CertificateRequest, E2_CopiesTheAlternativeNameWhateverItsBytesAndKeepsItsCriticality) {
  auto with = content();
  with.san_der = Bytes{0x30, 0x05, 0x82, 0x03, 'B', 'a', 'N'};
  EXPECT_EQ(alternative_name_of(make(with)), std::pair(*with.san_der, false));
  // A long-form length where DER wants the short one: decoding and encoding again would change it.
  with.san_der = Bytes{0x30, 0x81, 0x05, 0x82, 0x03, 'B', 'a', 'N'};
  with.san_critical = true;
  EXPECT_EQ(alternative_name_of(make(with)), std::pair(*with.san_der, true));
}

TEST_F(CertificateRequest, E2_ARequestFromAnIssuedCertificateHasItsNamesUnchanged) {
  const auto issuer = test::Issuer::make_root("Root", test::test_now());
  auto spec = test::user_spec(key_.get(), test::test_now());
  spec.subject = test::make_name(
      {{NID_organizationName, V_ASN1_T61STRING, {0xC0}}, {NID_commonName, V_ASN1_BMPSTRING, {0, 'y'}}});
  spec.extensions.emplace_back(
      NID_subject_alt_name, "critical,email:u@bank.test,otherName:1.3.6.1.4.1.311.20.2.3;UTF8:u@bank.test");
  const auto old = issuer.issue(spec);
  auto with = content();
  with.subject_der = old.subject_der();
  with.san_der = old.san_der();
  with.san_critical = old.san_critical();
  const Bytes der = make(with);
  EXPECT_NE(std::search(der.begin(), der.end(), old.subject_der().begin(), old.subject_der().end()),
            der.end());
  EXPECT_EQ(alternative_name_of(der), std::pair(*old.san_der(), true));
}

TEST_F(CertificateRequest, E11_CarriesTheChannelBindingAsPrintableString) {
  auto with = content();
  with.challenge_password = "AbC+/9==";
  const Bytes der = make(with);
  EXPECT_EQ(read_request(der).challenge_password, "AbC+/9==");
  const Bytes printable{0x13, 0x08, 'A', 'b', 'C', '+', '/', '9', '=', '='};
  EXPECT_NE(std::search(der.begin(), der.end(), printable.begin(), printable.end()), der.end());
  EXPECT_EQ(read_request(make(content())).challenge_password, std::nullopt);
}

TEST_F(CertificateRequest, UsesTheDigestAskedFor) {
  auto with = content();
  for (const auto& [name, nid] : {std::pair("SHA256", NID_ecdsa_with_SHA256),
                                  {"SHA384", NID_ecdsa_with_SHA384},
                                  {"SHA512", NID_ecdsa_with_SHA512}}) {
    with.digest = name;
    EXPECT_EQ(X509_REQ_get_signature_nid(parse(make(with)).get()), nid);
  }
  with.digest = "MD5";
  EXPECT_EQ(test::reason_of([&] { make(with); }), "internal_error");
}

TEST_F(CertificateRequest, WorksWithRsaKeys) {
  key_ = test::make_rsa_key();
  const auto request = parse(make(content()));
  EXPECT_EQ(X509_REQ_get_signature_nid(request.get()), NID_sha256WithRSAEncryption);
  EXPECT_EQ(X509_REQ_verify(request.get(), key_.get()), 1);
}

TEST_F(CertificateRequest, CostsExactlyOneSignatureOfATokensKey) {
  for (const auto& plain : {test::make_ec_key("P-384"), test::make_ec_key("P-521"), test::make_rsa_key()}) {
    const auto key = test::make_token_like_key(plain.get());
    auto with = content();
    with.public_key_der = test::public_key(plain.get());
    const int before = test::signature_count();
    make_certificate_request(with, key.get());
    EXPECT_EQ(test::signature_count() - before, 1);
  }
}

TEST_F(CertificateRequest, IsRefusedWhenTheTokenSignsWithAnotherKey) {
  const auto other = test::make_ec_key();
  EXPECT_EQ(test::reason_of([&] { make_certificate_request(content(), other.get()); }), "key_pair_mismatch");
  const auto another_kind = test::make_rsa_key();
  EXPECT_EQ(test::reason_of([&] { make_certificate_request(content(), another_kind.get()); }),
            "key_pair_mismatch");
}

TEST_F(CertificateRequest, IsRefusedWithExplicitCurveParameters) {
  const auto explicit_key = test::make_ec_key();
  ASSERT_EQ(EVP_PKEY_set_utf8_string_param(explicit_key.get(), OSSL_PKEY_PARAM_EC_ENCODING, "explicit"), 1);
  auto with = content();
  with.public_key_der = test::public_key(explicit_key.get());
  const auto failure = test::failure_of([&] { make_certificate_request(with, explicit_key.get()); });
  EXPECT_EQ(failure.reason, Reason::key_algorithm_not_allowed);
  EXPECT_THAT(failure.detail, testing::HasSubstr("explicit"));
}

TEST_F(CertificateRequest, IsRefusedWithAPublicKeyThatIsNone) {
  auto with = content();
  with.public_key_der = {0x30, 0x00};
  EXPECT_EQ(test::reason_of([&] { make(with); }), "key_pair_mismatch");
  with.public_key_der = test::public_key(key_.get());
  with.public_key_der.push_back(0);
  EXPECT_EQ(test::reason_of([&] { make(with); }), "key_pair_mismatch");
}

TEST(CertificateSubject, IsOrganizationUnitAndNameInUtf8) {
  EXPECT_EQ(make_subject("Sakura Test Bank", "Internet Banking CA", "12345678901234 user0001"),
            test::user_name());
  EXPECT_EQ(make_subject("", "", "x"), test::make_name({{NID_commonName, V_ASN1_UTF8STRING, {'x'}}}));
  EXPECT_EQ(test::reason_of([] { make_subject("", "", std::string(65, 'x')); }), "settings_invalid");
}

TEST(StoredRequest, ThatIsDamagedIsToldSo) {
  EXPECT_EQ(test::reason_of([] { public_key_of_request(Bytes{1, 2, 3}); }), "internal_error");
}

}  // namespace
}  // namespace koshin::enrollment
