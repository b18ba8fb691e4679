// SPDX-License-Identifier: MIT
// What is read of the user's store "MY".
#include "foundation/system/certificate_store.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "windows/user_store_windows.hpp"

namespace koshin {
namespace {

using testing::SizeIs;

std::vector<std::uint8_t> made_up() {
  return test::made_up_certificate(L"CN=12345678901234 user0001", L"CN=Sakura User CA", 0x0A, 2025, 2027);
}

TEST(CertificateStore, WhatIsPutThereIsReadWithItsNamesNumberAndDates) {
  ASSERT_TRUE(has_certificate_store());
  const auto der = made_up();
  const auto as_told = as_stored(der);
  ASSERT_TRUE(as_told);
  const auto found_in = [&](const std::vector<StoredCertificate>& store) {
    return std::ranges::find(store, as_told->sha256, &StoredCertificate::sha256);
  };
  test::add_to_user_store(der);
  const auto store = read_certificate_store();
  const auto found = found_in(store);
  ASSERT_NE(found, store.end());
  EXPECT_THAT(found->sha256, SizeIs(64));
  EXPECT_EQ(found->serial, "010A");
  EXPECT_EQ(to_rfc3339(found->not_before), "2025-01-01T00:00:00Z");
  EXPECT_EQ(to_rfc3339(found->not_after), "2027-01-01T00:00:00Z");
  EXPECT_EQ(found->subject, as_told->subject);
  EXPECT_NE(found->subject, found->issuer);
  test::remove_from_user_store(der);
  const auto after = read_certificate_store();
  EXPECT_EQ(found_in(after), after.end());
}

TEST(CertificateStore, AnOlderCertificateOfTheSameNamesHasTheSameNamesAndAnotherFingerprint) {
  const auto der = made_up();
  const auto now = as_stored(der), before = as_stored(test::older_twin_of(der, 2020, 2021));
  ASSERT_TRUE(now && before);
  EXPECT_EQ(now->subject, before->subject);
  EXPECT_EQ(now->issuer, before->issuer);
  EXPECT_NE(now->sha256, before->sha256);
  EXPECT_LT(before->not_after, now->not_after);
}

TEST(CertificateStore, WhatIsNoCertificateIsNone) {
  EXPECT_FALSE(as_stored(std::vector<std::uint8_t>{0x30, 0x03, 0x02, 0x01, 0x00}));
  EXPECT_FALSE(as_stored({}));
}

}  // namespace
}  // namespace koshin
