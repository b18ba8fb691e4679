// SPDX-License-Identifier: MIT
// certs-only PKCS#7 in EST answers.
#include "enrollment/est/certificate_bag.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "enrollment/http/base64.hpp"
#include "failure_matcher.hpp"
#include "pki.hpp"

namespace koshin::enrollment {
namespace {

using test::Issuer;
using testing::HasSubstr;

class CertificateBag : public testing::Test {
 protected:
  Issuer root_ = Issuer::make_root("Root", test::test_now());
  Issuer intermediate_ = root_.make_intermediate("Issuing", test::test_now());
  Bytes bag_ = test::make_bag({root_.certificate(), intermediate_.certificate()});
};

TEST_F(CertificateBag, E5_GivesTheCertificatesByteForByteInOrder) {
  const auto bag = read_certificate_bag(to_wrapped_base64(bag_), "/cacerts");
  const auto& certificates = bag.certificates;
  EXPECT_EQ(bag.other_form, "");
  ASSERT_EQ(certificates.size(), 2U);
  EXPECT_EQ(certificates[0].der(), root_.certificate().der());
  EXPECT_EQ(certificates[1].der(), intermediate_.certificate().der());
}

TEST_F(CertificateBag, E1_ReadsOneLongLineAndPlainDer) {
  EXPECT_EQ(read_certificate_bag(to_base64(bag_), "x").certificates.size(), 2U);
  EXPECT_EQ(read_certificate_bag(std::string(bag_.begin(), bag_.end()), "x").certificates.size(), 2U);
}

TEST_F(CertificateBag, ReadsTheIndefiniteLengthsOfBer) {
  // The outer SEQUENCE and the [0] around SignedData rewritten with indefinite lengths, as Java libraries
  // write them.
  ASSERT_EQ(bag_[1], 0x82);
  const std::size_t type_end = 4 + 2 + bag_[5];
  ASSERT_EQ(bag_[type_end], 0xA0);
  ASSERT_EQ(bag_[type_end + 1], 0x82);
  Bytes ber{0x30, 0x80};
  ber.insert(ber.end(), bag_.begin() + 4, bag_.begin() + static_cast<std::ptrdiff_t>(type_end));
  ber.insert(ber.end(), {0xA0, 0x80});
  ber.insert(ber.end(), bag_.begin() + static_cast<std::ptrdiff_t>(type_end) + 4, bag_.end());
  ber.insert(ber.end(), {0, 0, 0, 0});
  EXPECT_EQ(read_certificate_bag(to_wrapped_base64(ber), "x").certificates.size(), 2U);
}

TEST_F(CertificateBag, RefusesABagWithoutCertificates) {
  const auto failure =
      test::failure_of([] { read_certificate_bag(to_base64(test::make_bag({})), "/cacerts"); });
  EXPECT_EQ(failure.reason, Reason::authority_response_invalid);
  EXPECT_THAT(failure.detail, HasSubstr("/cacerts"));
  EXPECT_THAT(failure.detail, HasSubstr("no certificate"));
}

/// The month of the first UTCTime.
void spoil_date(Bytes& der) {
  const Bytes utc_time{0x17, 0x0D};
  const auto found = std::search(der.begin(), der.end(), utc_time.begin(), utc_time.end());
  ASSERT_NE(found, der.end());
  found[4] = '9';
}

TEST_F(CertificateBag, ACertificateWithADateThatIsNoneIsPassedOver) {
  spoil_date(bag_);
  const auto bag = read_certificate_bag(to_base64(bag_), "/cacerts");
  ASSERT_EQ(bag.certificates.size(), 1U);
  EXPECT_EQ(bag.certificates[0].der(), intermediate_.certificate().der());
  ASSERT_EQ(bag.unreadable.size(), 1U);
  EXPECT_THAT(bag.unreadable[0], HasSubstr("a date in the certificate is not a date"));
}

TEST_F(CertificateBag, WhatIsNoCertificateIsPassedOver) {
  const Bytes& der = root_.certificate().der();
  const auto found = std::search(bag_.begin(), bag_.end(), der.begin(), der.end());
  ASSERT_NE(found, bag_.end());
  found[4] = 0x04;  // what is to be signed is an OCTET STRING
  const auto bag = read_certificate_bag(to_base64(bag_), "/cacerts");
  ASSERT_EQ(bag.certificates.size(), 1U);
  EXPECT_EQ(bag.certificates[0].der(), intermediate_.certificate().der());
  EXPECT_EQ(bag.unreadable.size(), 1U);
}

TEST_F(CertificateBag, RefusesABagInWhichNoCertificateCanBeRead) {
  Bytes lone = test::make_bag({root_.certificate()});
  spoil_date(lone);
  const auto failure = test::failure_of([&] { read_certificate_bag(to_base64(lone), "/cacerts"); });
  EXPECT_EQ(failure.reason, Reason::authority_response_invalid);
  EXPECT_THAT(failure.detail, HasSubstr("/cacerts"));
  EXPECT_TRUE(read_certificates_if_any(to_base64(lone), "/cacerts").certificates.empty());
}

TEST_F(CertificateBag, RefusesEveryTruncation) {
  for (std::size_t size = 0; size < bag_.size(); size += 13) {
    const Bytes part(bag_.begin(), bag_.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(test::reason_of([&] { read_certificate_bag(to_base64(part), "x"); }),
              "authority_response_invalid")
        << size;
  }
}

TEST_F(CertificateBag, RefusesTrailingBytes) {
  bag_.push_back(0);
  EXPECT_EQ(test::reason_of([&] { read_certificate_bag(to_base64(bag_), "x"); }),
            "authority_response_invalid");
}

TEST_F(CertificateBag, SaysInWordsWhatIsWrongWithTheLength) {
  const auto detail = [](const std::string& body) {
    return test::failure_of([&] { read_certificate_bag(body, "x"); }).detail;
  };
  EXPECT_EQ(detail(""), "x: the body of the answer is empty");
  EXPECT_EQ(detail(" \r\n"), "x: the body of the answer is empty");
  const std::string size = std::to_string(bag_.size());
  Bytes longer = bag_;
  longer.push_back(7);
  EXPECT_THAT(detail(to_base64(longer)), HasSubstr("an object of " + size + " bytes with 1 more behind it"));
  const Bytes part(bag_.begin(), bag_.begin() + 100);
  EXPECT_THAT(detail(to_base64(part)), HasSubstr("cut short after 100 of " + size + " bytes"));
}

TEST_F(CertificateBag, E15_ReadsOtherFormsOfBase64AndSaysSo) {
  std::string for_urls = to_base64(bag_);
  std::ranges::replace(for_urls, '+', '-');
  std::ranges::replace(for_urls, '/', '_');
  ASSERT_NE(for_urls, to_base64(bag_));
  const auto marked = read_certificate_bag("\xEF\xBB\xBF" + to_base64(bag_), "x");
  EXPECT_EQ(marked.certificates.size(), 2U);
  EXPECT_THAT(marked.other_form, HasSubstr("byte order mark"));
  const auto bag = read_certificate_bag(for_urls, "x");
  EXPECT_EQ(bag.certificates.size(), 2U);
  EXPECT_THAT(bag.other_form, HasSubstr("alphabet for URLs"));
}

/// As ACME and JSON Web tokens have it.
TEST_F(CertificateBag, E15_ReadsBase64WithoutItsPaddingAndSaysSo) {
  std::vector<enrollment::Certificate> many;
  std::size_t padded = 0;
  for (int count = 0; count < 6; ++count) {  // a list of each length modulo 3, most likely
    many.push_back(root_.certificate());
    std::string text = to_base64(test::make_bag(many));
    const bool is_padded = text.ends_with('=');
    padded += is_padded ? 1 : 0;
    text.erase(text.find_last_not_of('=') + 1);
    const auto read = read_certificate_bag(text.insert(40, "\r\n") + "\n", "x");
    EXPECT_EQ(read.certificates.size(), many.size());
    EXPECT_EQ(read.other_form, is_padded ? "base64 without its padding" : "");
  }
  EXPECT_GT(padded, 0U);
  for (const std::string word : {"Maintenance", "MAINTENANCE"})  // the capitals begin as an object does
    EXPECT_THAT(test::failure_of([&] { read_certificate_bag(word, "x"); }).detail,
                HasSubstr('"' + word + '"'))
        << "letters alone are words";
}

TEST_F(CertificateBag, BlanksBehindDerAreNobodys) {
  const std::string der(bag_.begin(), bag_.end());
  for (const std::string end : {"\r\n", "\n", " "})
    EXPECT_EQ(read_certificate_bag(der + end, "x").certificates.size(), 2U);
  EXPECT_EQ(test::reason_of([&] { read_certificate_bag(der + "x", "x"); }), "authority_response_invalid");
}

TEST_F(CertificateBag, AListThatNeedNotHaveAnyMayBeEmpty) {
  EXPECT_TRUE(read_certificates_if_any("", "x").certificates.empty());
  EXPECT_TRUE(read_certificates_if_any(to_base64(test::make_bag({})), "x").certificates.empty());
  EXPECT_EQ(read_certificates_if_any(to_base64(bag_), "x").certificates.size(), 2U);
  EXPECT_EQ(test::reason_of([] { read_certificates_if_any("words", "x"); }), "authority_response_invalid");
}

TEST_F(CertificateBag, RefusesAPageAndShowsItsBeginning) {
  const auto failure =
      test::failure_of([] { read_certificate_bag("<!DOCTYPE html><p>Log in", "POST https://a"); });
  EXPECT_EQ(failure.reason, Reason::authority_response_invalid);
  EXPECT_THAT(failure.detail, HasSubstr("it says \"Log in\""));
}

TEST_F(CertificateBag, E15_ReadsABareCertificate) {
  const Bytes& der = root_.certificate().der();
  for (const auto& body : {to_base64(der), std::string(der.begin(), der.end())}) {
    const auto bag = read_certificate_bag(body, "x");
    EXPECT_EQ(bag.certificates.at(0).der(), der);
    EXPECT_EQ(bag.other_form, "a bare certificate");
  }
  EXPECT_EQ(test::reason_of([&] { read_certificate_bag(to_base64(der) + "AAAA", "x"); }),
            "authority_response_invalid");
}

std::string pem(const std::string& kind, const Bytes& der) {
  return "-----BEGIN " + kind + "-----\n" + to_wrapped_base64(der) + "-----END " + kind + "-----\n";
}

TEST_F(CertificateBag, E15_ReadsPemWithWhateverStandsAroundIt) {
  const std::string body = "subject=CN = Issuing\n" + pem("CERTIFICATE", intermediate_.certificate().der()) +
                           "\n" + pem("PUBLIC KEY", test::public_key(test::make_ec_key().get())) +
                           pem("CERTIFICATE", root_.certificate().der());
  const auto bag = read_certificate_bag(body, "x");
  ASSERT_EQ(bag.certificates.size(), 2U);
  EXPECT_EQ(bag.certificates[1].der(), root_.certificate().der());
  EXPECT_EQ(bag.other_form, "PEM");
  EXPECT_EQ(read_certificate_bag(pem("PKCS7", bag_), "x").certificates.size(), 2U);
  EXPECT_EQ(test::reason_of([] { read_certificate_bag("-----BEGIN CERTIFICATE-----\nAAAA\n", "x"); }),
            "authority_response_invalid");
}

TEST_F(CertificateBag, E15_ReadsThePartsOfAMimeMessage) {
  for (const std::string end : {"\r\n", "\n"}) {
    const std::string body = "--b" + end + "Content-Type: text/plain" + end + end + "words" + end + "--b" +
                             end + "Content-Type: application/pkcs7-mime" + end + end +
                             to_wrapped_base64(bag_) + end + "--b--" + end;
    const auto bag = read_certificate_bag(body, "x");
    EXPECT_EQ(bag.certificates.size(), 2U);
    EXPECT_EQ(bag.other_form, "a MIME message");
  }
  EXPECT_EQ(test::reason_of([] { read_certificate_bag("--b\n\nwords\n--b--", "x"); }),
            "authority_response_invalid");
}

TEST_F(CertificateBag, E15_ReadsBinaryPartsOfAMimeMessageToTheirLastByte) {
  ASSERT_EQ(bag_.back(), 0) << "the end of PKCS#7 looks like a blank";
  const std::string der(bag_.begin(), bag_.end());
  const std::string headers =
      "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: binary\r\n\r\n";
  const std::string parts = "--b\r\n" + headers + der + "\r\n--b--\r\n";
  EXPECT_EQ(read_certificate_bag(parts, "x").certificates.size(), 2U);
  const std::string preamble = "This is a multi-part message in MIME format.\r\n\r\n";
  EXPECT_EQ(read_certificate_bag(preamble + parts, "x").certificates.size(), 2U);
  EXPECT_EQ(read_certificate_bag("--b\r\n\r\n" + der + "\r\n--b--\r\n", "x").certificates.size(), 2U);
}

TEST_F(CertificateBag, E15_ReadsAMessageWhateverItsFirstHeader) {
  const std::string headers = "To: user@bank.test\nSubject: your\n certificate\nMIME-Version: 1.0\n\n";
  const auto bag = read_certificate_bag(headers + to_wrapped_base64(bag_), "x");
  EXPECT_EQ(bag.certificates.size(), 2U);
  EXPECT_EQ(bag.other_form, "a MIME message");
}

TEST_F(CertificateBag, E15_ReadsPemUnderItsOtherNameAndIndented) {
  EXPECT_EQ(read_certificate_bag(pem("PKCS #7 SIGNED DATA", bag_), "x").certificates.size(), 2U);
  std::string indented = "  " + pem("PKCS7", bag_);
  for (auto at = indented.find('\n'); at + 1 < indented.size(); at = indented.find('\n', at + 1))
    indented.insert(at + 1, "  ");
  EXPECT_EQ(read_certificate_bag(indented, "x").certificates.size(), 2U);
}

TEST_F(CertificateBag, E14_ANulAfterTheBase64IsNoPartOfIt) {
  EXPECT_EQ(read_certificate_bag(to_wrapped_base64(bag_) + std::string("\0\n", 2), "x").certificates.size(),
            2U);
}

}  // namespace
}  // namespace koshin::enrollment
