// SPDX-License-Identifier: MIT
// Which of two certificates a person chooses in the browser.
#include "renewal/policy/browsers.hpp"

#include <gtest/gtest.h>

namespace koshin::renewal {
namespace {

messages::CertificateReport certificate(std::string serial, int year) {
  messages::CertificateReport report;
  report.sha256 = serial;
  report.serial = std::move(serial);
  report.not_after = *parse_rfc3339(std::to_string(year) + "-11-22T00:00:00Z");
  return report;
}

const TimePoint now = *parse_rfc3339("2026-11-10T00:00:00Z");

/// A renewal after which the token has both.
messages::RenewResult renewed(messages::CertificateReport old, messages::CertificateReport fresh) {
  messages::RenewResult result;
  old.replaced_by = fresh.sha256;
  result.token.certificates = {old, fresh};
  result.old_certificate = std::move(old);
  result.new_certificate = std::move(fresh);
  return result;
}
std::optional<BrowserChoice> choice(const std::string& old_serial) {
  return choice_in_browsers(renewed(certificate(old_serial, 2026), certificate("668D7110FF7365F2", 2027)),
                            now);
}

TEST(ChoiceInBrowsers, NamesAsManyDigitsAsTellTheTwoApart) {
  auto found = choice("5D188043C4F00FD9");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->new_serial, "668D7110");
  EXPECT_EQ(found->old_serial, "5D188043");
  EXPECT_EQ(found->old_sha256, "5D188043C4F00FD9");
  EXPECT_EQ(found->old_until, certificate("", 2026).not_after);
  found = choice("668D7110FF9");
  EXPECT_EQ(found->new_serial, "668D7110FF7");
  EXPECT_EQ(found->old_serial, "668D7110FF9");
  found = choice("668D7110FF");
  EXPECT_EQ(found->new_serial, "668D7110FF7") << "one may begin with the whole of the other";
  EXPECT_EQ(found->old_serial, "668D7110FF");
}

/// After two renewals of which no old certificate was deleted.
TEST(ChoiceInBrowsers, NamesAllThatEarlierRenewalsHaveLeft) {
  auto result = renewed(certificate("5D18804301", 2026), certificate("668D7110FF", 2027));
  auto first = certificate("668D7110AA", 2026), expired = certificate("77", 2025);
  first.not_after -= std::chrono::days{1};
  first.replaced_by = expired.replaced_by = "668D7110FF";
  result.token.certificates.push_back(first);
  result.token.certificates.push_back(expired);
  auto found = choice_in_browsers(result, now);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->count(), 3U);
  EXPECT_EQ(found->new_serial, "668D7110F") << "enough digits to tell it from each";
  EXPECT_EQ(found->old_serial, "5D188043");
  ASSERT_EQ(found->others.size(), 1U);
  EXPECT_EQ(found->others[0].serial, "668D7110A");
  EXPECT_EQ(found->others[0].until, first.not_after);
  EXPECT_TRUE(found->without("5D18804301"));
  EXPECT_EQ(found->old_sha256, "668D7110AA");
  EXPECT_EQ(found->count(), 2U);
  EXPECT_FALSE(found->without("668D7110AA")) << "nothing is left to choose";
  result.token.certificates.erase(result.token.certificates.begin());
  EXPECT_EQ(choice_in_browsers(result, now)->old_sha256, "668D7110AA") << "the one that was renewed is gone";
}

TEST(ChoiceInBrowsers, IsNoneWhereTheOldOneIsGoneOrOneOfThemDoesNotLogIn) {
  const auto old = certificate("01", 2026), fresh = certificate("02", 2027);
  auto gone = renewed(old, fresh);
  gone.token.certificates.erase(gone.token.certificates.begin());
  EXPECT_FALSE(choice_in_browsers(gone, now));
  auto other = old;
  other.purpose = messages::Purpose::signature;
  EXPECT_FALSE(choice_in_browsers(renewed(other, fresh), now));
  other = fresh;
  other.purpose = messages::Purpose::encryption;
  EXPECT_FALSE(choice_in_browsers(renewed(old, other), now));
  EXPECT_FALSE(concerns_browsers(other));
  EXPECT_FALSE(concerns_browsers(messages::CertificateReport{})) << "there is none";
}

TEST(ChoiceInBrowsers, IsNoneWhereBrowsersLeaveTheOldOneOut) {
  const auto fresh = certificate("02", 2027);
  EXPECT_FALSE(choice_in_browsers(renewed(certificate("01", 2025), fresh), now)) << "it has expired";
  auto keyless = certificate("01", 2026);
  keyless.key_state = messages::KeyState::missing;
  EXPECT_FALSE(choice_in_browsers(renewed(keyless, fresh), now));
}

TEST(ChoiceInBrowsers, OfAnEnrollmentIsTheLatestOfItsLineageThere) {
  auto enrolled = renewed(certificate("01", 2026), certificate("03", 2027));
  enrolled.old_certificate = {};
  auto later = certificate("02", 2026);
  later.not_after += std::chrono::days{1};
  later.replaced_by = "03";
  auto of_another = certificate("04", 2026);
  of_another.replaced_by = "05";
  enrolled.token.certificates.push_back(later);
  enrolled.token.certificates.push_back(of_another);
  ASSERT_TRUE(choice_in_browsers(enrolled, now));
  EXPECT_EQ(choice_in_browsers(enrolled, now)->old_sha256, "02");
}

}  // namespace
}  // namespace koshin::renewal
