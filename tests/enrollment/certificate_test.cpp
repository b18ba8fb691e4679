// SPDX-License-Identifier: MIT
// Reading certificates, and the parts that are compared byte for byte.
#include "enrollment/x509/certificate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "failure_matcher.hpp"
#include "pki.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::enrollment {
namespace {

using test::Issuer;
using testing::ElementsAre;
using testing::HasSubstr;

const Issuer& root() {
  static const Issuer issuer = Issuer::make_root("Root", test::test_now());
  return issuer;
}

bool contains(const Bytes& whole, const Bytes& part) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

TEST(Certificate, TellsTheNamesOfTheSubject) {
  const auto key = test::make_ec_key();
  const auto certificate = root().issue(test::user_spec(key.get(), test::test_now()));
  EXPECT_EQ(certificate.organization(), "Sakura Test Bank");
  EXPECT_EQ(certificate.organizational_unit(), "Internet Banking CA");
  EXPECT_EQ(certificate.common_name(), "12345678901234 user0001");
  EXPECT_EQ(certificate.subject(), "CN=12345678901234 user0001,OU=Internet Banking CA,O=Sakura Test Bank");
  EXPECT_EQ(certificate.issuer(), "CN=Root,O=Test");
  EXPECT_EQ(certificate.not_before(), test::test_now() - std::chrono::days(1));
  EXPECT_EQ(certificate.not_after(), test::test_now() + std::chrono::days(365));
  EXPECT_THAT(certificate.extended_key_usages(), ElementsAre("1.3.6.1.5.5.7.3.2"));
  EXPECT_TRUE(certificate.for_client_authentication());
  EXPECT_EQ(certificate.sha256().size(), 64U);
}

TEST(Certificate, TakesTheLastOfSeveralUnitsAndTurnsOldStringTypesIntoUtf8) {
  const auto key = test::make_ec_key();
  auto spec = test::user_spec(key.get(), test::test_now());
  spec.subject = test::make_name({{NID_organizationalUnitName, V_ASN1_PRINTABLESTRING, {'A'}},
                                  {NID_organizationalUnitName, V_ASN1_BMPSTRING, {0x66, 0xF4, 0x65, 0xB0}},
                                  {NID_commonName, V_ASN1_T61STRING, {0xE9}}});
  const auto certificate = root().issue(spec);
  EXPECT_EQ(certificate.organizational_unit(), "更新");
  EXPECT_EQ(certificate.common_name(), "é");
  EXPECT_EQ(certificate.organization(), "");
}

TEST(Certificate, E2_KeepsSubjectKeyAndAlternativeNameAsTheyWereEncoded) {
  const auto key = test::make_ec_key();
  auto spec = test::user_spec(key.get(), test::test_now());
  spec.subject = test::make_name({{NID_organizationName, V_ASN1_T61STRING, {'B', 0xE4}},
                                  {NID_organizationalUnitName, V_ASN1_PRINTABLESTRING, {'I', 'B'}},
                                  {NID_commonName, V_ASN1_BMPSTRING, {0, 'x'}}});
  spec.san_der = Bytes{0x30, 0x05, 0x82, 0x03, 'B', 'a', 'N'};
  const auto certificate = root().issue(spec);
  EXPECT_EQ(certificate.subject_der(), spec.subject);
  EXPECT_EQ(certificate.san_der(), spec.san_der);
  EXPECT_EQ(certificate.public_key_der(), spec.public_key);
  EXPECT_TRUE(contains(certificate.der(), certificate.subject_der()));
  EXPECT_TRUE(contains(certificate.der(), certificate.public_key_der()));
}

TEST(Certificate, TellsWhetherTheAlternativeNameIsCritical) {
  const auto key = test::make_ec_key();
  auto spec = test::user_spec(key.get(), test::test_now());
  EXPECT_FALSE(root().issue(spec).san_critical());
  spec.extensions.emplace_back(NID_subject_alt_name, "critical,email:a@example.test");
  EXPECT_TRUE(root().issue(spec).san_critical());
}

/// RFC 5280 section 4.2.1.6: an rfc822Name is an address in ASCII. With a byte 0 in it, what is cut there
/// would be another.
TEST(Certificate, TellsAnAddressThatIsOne) {
  const auto key = test::make_ec_key();
  const auto email = [&](const std::string& address) {
    auto spec = test::user_spec(key.get(), test::test_now());
    const auto size = static_cast<std::uint8_t>(address.size());
    spec.san_der = Bytes{0x30, static_cast<std::uint8_t>(size + 2), 0x81, size};
    spec.san_der->insert(spec.san_der->end(), address.begin(), address.end());
    return root().issue(spec).email();
  };
  EXPECT_EQ(email("a+b/../c@example.test"), "a+b/../c@example.test");
  using namespace std::string_literals;
  for (const std::string& none :
       {"a@example.test\0@b"s, "a@b\r\nBcc: c@d"s, "a\xFF@b"s, "\xE9\x8A\x80@b"s, ""s})
    EXPECT_EQ(email(none), "");
}

TEST(Certificate, NamesTheKeyAlgorithm) {
  const auto algorithm = [](const test::EvpPkey& key) {
    return root().issue(test::user_spec(key.get(), test::test_now())).key_algorithm();
  };
  EXPECT_EQ(algorithm(test::make_ec_key()), "ec-p256");
  EXPECT_EQ(algorithm(test::make_ec_key("P-384")), "ec-p384");
  EXPECT_EQ(algorithm(test::make_ec_key("secp521r1")), "ec-p521");
  EXPECT_EQ(algorithm(test::make_rsa_key(2048)), "rsa-2048");
}

TEST(Certificate, KnowsWhichUsagesAllowClientAuthentication) {
  const auto key = test::make_ec_key();
  const auto allowed = [&](std::vector<std::pair<int, std::string>> extensions) {
    auto spec = test::user_spec(key.get(), test::test_now());
    spec.extensions = std::move(extensions);
    return root().issue(spec).for_client_authentication();
  };
  EXPECT_TRUE(allowed({}));
  EXPECT_TRUE(allowed({{NID_ext_key_usage, "anyExtendedKeyUsage"}}));
  EXPECT_TRUE(allowed({{NID_ext_key_usage, "msSmartcardLogin,clientAuth"}}));
  EXPECT_FALSE(allowed({{NID_ext_key_usage, "msSmartcardLogin"}})) << "no TLS server lets it in";
  EXPECT_FALSE(allowed({{NID_ext_key_usage, "serverAuth,emailProtection"}}));
  EXPECT_FALSE(allowed({{NID_key_usage, "critical,keyEncipherment"}, {NID_ext_key_usage, "clientAuth"}}));
}

TEST(Certificate, RefusesWhatIsNoCertificate) {
  const auto key = test::make_ec_key();
  Bytes der = root().issue(test::user_spec(key.get(), test::test_now())).der();
  EXPECT_EQ(test::reason_of([] { Certificate::from_der({}); }), "certificate_unreadable");
  EXPECT_EQ(test::reason_of([] { Certificate::from_der(Bytes(300 * 1024)); }), "certificate_unreadable");
  const auto half = ByteView(der).first(der.size() / 2);
  EXPECT_EQ(test::reason_of([&] { Certificate::from_der(half); }), "certificate_unreadable");
  der.push_back(0);
  EXPECT_EQ(test::reason_of([&] { Certificate::from_der(der); }), "certificate_unreadable");
}

class PemFile : public testing::Test {
 protected:
  std::string file(const std::string& contents) {
    const auto path = directory_.path() / "anchors.pem";
    std::ofstream(path) << contents;
    return path.string();
  }
  koshin::test::TemporaryDirectory directory_;
};

TEST_F(PemFile, GivesEveryCertificate) {
  const auto path = directory_.path() / "two.pem";
  test::write_pem(path,
                  {root().certificate(), root().make_intermediate("I", test::test_now()).certificate()});
  const auto certificates = Certificate::from_pem_file(path.string());
  ASSERT_EQ(certificates.size(), 2U);
  EXPECT_EQ(certificates[0].der(), root().certificate().der());
}

TEST_F(PemFile, SaysWhatIsWrongWithIt) {
  const std::string missing = (directory_.path() / "missing.pem").string();
  for (const auto& path : {missing, file(""), file("no certificate"),
                           file("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                           file(std::string(1024 * 1024 + 1, 'x'))}) {
    const auto failure = test::failure_of([&] { Certificate::from_pem_file(path); });
    EXPECT_EQ(failure.reason, Reason::settings_invalid) << path;
    EXPECT_THAT(failure.detail, HasSubstr(path));
  }
}

TEST_F(PemFile, ThatOthersCanWriteIsRefused) {
  using std::filesystem::perms;
  const std::string anchors = file("no matter what");
  for (const perms mode : {perms::others_write, perms::group_write}) {
    std::filesystem::permissions(anchors, perms::owner_all | mode);
    const auto failure = test::failure_of([&] { Certificate::from_pem_file(anchors); });
    EXPECT_EQ(failure.reason, Reason::settings_unsafe);
    EXPECT_THAT(failure.detail, HasSubstr("chmod go-w"));
  }
  const auto folder = test::failure_of([&] { Certificate::from_pem_file(directory_.path().string()); });
  EXPECT_EQ(folder.reason, Reason::settings_unsafe) << "no regular file";
}

}  // namespace
}  // namespace koshin::enrollment
