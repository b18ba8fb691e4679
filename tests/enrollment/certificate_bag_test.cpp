// SPDX-License-Identifier: MIT
// certs-only PKCS#7 in EST answers.
#include "enrollment/certificate_bag.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "enrollment/base64.hpp"
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
  const auto certificates = read_certificate_bag(to_wrapped_base64(bag_), "/cacerts");
  ASSERT_EQ(certificates.size(), 2U);
  EXPECT_EQ(certificates[0].der(), root_.certificate().der());
  EXPECT_EQ(certificates[1].der(), intermediate_.certificate().der());
}

TEST_F(CertificateBag, E1_ReadsOneLongLineAndPlainDer) {
  EXPECT_EQ(read_certificate_bag(to_base64(bag_), "x").size(), 2U);
  EXPECT_EQ(read_certificate_bag(std::string(bag_.begin(), bag_.end()), "x").size(), 2U);
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
  EXPECT_EQ(read_certificate_bag(to_wrapped_base64(ber), "x").size(), 2U);
}

TEST_F(CertificateBag, RefusesABagWithoutCertificates) {
  const auto failure =
      test::failure_of([] { read_certificate_bag(to_base64(test::make_bag({})), "/cacerts"); });
  EXPECT_EQ(failure.reason, Reason::authority_response_invalid);
  EXPECT_THAT(failure.detail, HasSubstr("/cacerts"));
  EXPECT_THAT(failure.detail, HasSubstr("no certificate"));
}

TEST_F(CertificateBag, RefusesACertificateWithADateThatIsNone) {
  // The month of the first UTCTime.
  const Bytes utc_time{0x17, 0x0D};
  const auto found = std::search(bag_.begin(), bag_.end(), utc_time.begin(), utc_time.end());
  ASSERT_NE(found, bag_.end());
  found[4] = '9';
  const auto failure = test::failure_of([&] { read_certificate_bag(to_base64(bag_), "/cacerts"); });
  EXPECT_EQ(failure.reason, Reason::authority_response_invalid);
  EXPECT_THAT(failure.detail, HasSubstr("/cacerts"));
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

TEST_F(CertificateBag, RefusesAPageAndShowsItsBeginning) {
  const auto failure =
      test::failure_of([] { read_certificate_bag("<!DOCTYPE html><p>Log in", "POST https://a"); });
  EXPECT_EQ(failure.reason, Reason::authority_response_invalid);
  EXPECT_THAT(failure.detail, HasSubstr("<!DOCTYPE html>"));
}

TEST_F(CertificateBag, RefusesABareCertificate) {
  EXPECT_EQ(test::reason_of([&] { read_certificate_bag(to_base64(root_.certificate().der()), "x"); }),
            "authority_response_invalid");
}

}  // namespace
}  // namespace koshin::enrollment
