// SPDX-License-Identifier: MIT
// What is looked for in the system's store of certificates, and what is said of it.
#include "renewal/policy/store_check.hpp"

#include <gmock/gmock.h>

#include "report_builder.hpp"

namespace koshin::renewal {
namespace {

using test::at;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const TimePoint today = at("2026-11-22T00:00:00Z");

StoredCertificate stored(std::string sha256, std::uint8_t name, std::string_view not_after) {
  StoredCertificate one;
  one.sha256 = std::move(sha256);
  one.serial = "0A";
  one.subject = {0x30, name};
  one.issuer = {0x30, 0x01};
  one.not_after = at(not_after);
  return one;
}

const StoreQuery wanted{.sha256 = "new", .old_sha256 = "old", .subject = {}, .issuer = {}};

TEST(StoreCheck, AnEmptyStoreHasNothing) {
  const auto found = find_in_store({}, wanted, today);
  EXPECT_FALSE(found.has_it);
  EXPECT_FALSE(found.expired_twin);
}

TEST(StoreCheck, TheNewCertificateIsKnownByItsFingerprint) {
  EXPECT_TRUE(
      find_in_store({stored("other", 1, "2027-01-01T00:00:00Z"), stored("new", 1, "2027-11-22T00:00:00Z")},
                    wanted, today)
          .has_it);
  EXPECT_FALSE(find_in_store({stored("other", 1, "2027-11-22T00:00:00Z")}, wanted, today).has_it);
}

TEST(StoreCheck, ACertificateWithoutItsKeyIsThereAndCannotBeOffered) {
  auto one = stored("new", 1, "2027-11-22T00:00:00Z");
  auto found = find_in_store({one}, wanted, today);
  EXPECT_TRUE(found.has_it);
  EXPECT_FALSE(found.can_be_offered());
  one.has_key = true;
  found = find_in_store({stored("other", 1, "2027-11-22T00:00:00Z"), one}, wanted, today);
  EXPECT_TRUE(found.can_be_offered());
  auto another = stored("other", 1, "2027-11-22T00:00:00Z");
  another.has_key = true;
  EXPECT_FALSE(find_in_store({another}, wanted, today).has_key);
}

TEST(StoreCheck, AnExpiredOneOfTheSameNamesIsItsTwinAndTheLatestOfThemIsNamed) {
  const auto found =
      find_in_store({stored("a", 1, "2024-01-01T00:00:00Z"), stored("new", 1, "2027-11-22T00:00:00Z"),
                     stored("b", 1, "2025-01-01T00:00:00Z")},
                    wanted, today);
  EXPECT_TRUE(found.has_it);
  ASSERT_TRUE(found.expired_twin);
  EXPECT_EQ(found.expired_twin->sha256, "b");
}

TEST(StoreCheck, AnotherPersonsOrOneThatIsValidIsNoTwin) {
  auto other_issuer = stored("c", 1, "2025-01-01T00:00:00Z");
  other_issuer.issuer = {0x30, 0x02};
  const auto found =
      find_in_store({stored("new", 1, "2027-11-22T00:00:00Z"), stored("a", 2, "2025-01-01T00:00:00Z"),
                     stored("old", 1, "2026-12-24T00:00:00Z"), other_issuer},
                    wanted, today);
  EXPECT_FALSE(found.expired_twin);
}

TEST(StoreCheck, WhereTheNewOneIsMissingTheReplacedOneIsKnownByItsFingerprintAndOthersByNamesThatAreGiven) {
  const std::vector store{stored("old", 1, "2026-11-01T00:00:00Z")};
  ASSERT_TRUE(find_in_store(store, wanted, today).expired_twin);
  const StoreQuery of_another{.sha256 = "new", .old_sha256 = "another", .subject = {}, .issuer = {}};
  EXPECT_FALSE(find_in_store(store, of_another, today).expired_twin);
  const StoreQuery with_names{
      .sha256 = "new", .old_sha256 = "another", .subject = {0x30, 0x01}, .issuer = {0x30, 0x01}};
  EXPECT_TRUE(find_in_store(store, with_names, today).expired_twin);
}

Record completed(std::uint8_t certificate, std::string old_sha256, std::string_view not_after) {
  Record record;
  record.state = State::completed;
  record.certificate = {certificate};
  record.old_sha256 = std::move(old_sha256);
  record.new_not_after = at(not_after);
  return record;
}

/// The fingerprint of a certificate {7} is "7".
std::optional<StoredCertificate> parse(const Bytes& der) {
  if (der.front() == 0) return {};
  return stored(std::to_string(der.front()), der.front(), "2027-01-01T00:00:00Z");
}

messages::Purpose log_in(const Bytes&) {
  return messages::Purpose::log_in;
}

TEST(StoreCheck, OfSuccessiveRenewalsTheLatestIsLookedFor) {
  const std::vector records{completed(2, "1", "2028-01-01T00:00:00Z"),
                            completed(1, "x", "2027-01-01T00:00:00Z")};
  const auto found = renewed_and_valid(records, today, parse, log_in);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found.front().query.sha256, "2");
  EXPECT_EQ(found.front().query.old_sha256, "1");
  EXPECT_EQ(found.front().query.subject, (Bytes{0x30, 2}));
  EXPECT_EQ(found.front().record, &records.front());
}

TEST(StoreCheck, CertificatesOfOneTokenThatDoNotReplaceEachOtherAreBothLookedFor) {
  const std::vector records{completed(2, "y", "2028-01-01T00:00:00Z"),
                            completed(1, "x", "2027-01-01T00:00:00Z")};
  EXPECT_THAT(renewed_and_valid(records, today, parse, log_in), SizeIs(2));
}

TEST(StoreCheck, WhatHasExpiredOrHasNotLoggedInOrCannotBeReadIsNotLookedFor) {
  auto written = completed(3, "x", "2028-01-01T00:00:00Z");
  written.state = State::written;
  EXPECT_THAT(renewed_and_valid({completed(1, "x", "2026-01-01T00:00:00Z"), written,
                                 completed(0, "x", "2028-01-01T00:00:00Z")},
                                today, parse, log_in),
              IsEmpty());
}

TEST(StoreCheck, ACertificateForSignaturesIsNoneOfTheBrowsers) {
  const std::vector records{completed(2, "y", "2028-01-01T00:00:00Z"),
                            completed(1, "x", "2027-01-01T00:00:00Z")};
  const auto found = renewed_and_valid(records, today, parse, [](const Bytes& der) {
    return der.front() == 2 ? messages::Purpose::signature : messages::Purpose::log_in;
  });
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found.front().query.sha256, "1");
}

TEST(StoreCheck, ARenewalThatDidNotEndReplacesNothing) {
  auto unfinished = completed(2, "1", "2028-01-01T00:00:00Z");
  unfinished.state = State::written;
  const auto found =
      renewed_and_valid({unfinished, completed(1, "x", "2027-01-01T00:00:00Z")}, today, parse, log_in);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found.front().query.sha256, "1");
}

}  // namespace
}  // namespace koshin::renewal
