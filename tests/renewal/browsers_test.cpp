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

TEST(ChoiceInBrowsers, NamesAsManyDigitsAsTellTheTwoApart) {
  auto old = certificate("5D188043C4F00FD9", 2026);
  auto choice = choice_in_browsers(certificate("668D7110FF7365F2", 2027), &old);
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->new_serial, "668D7110");
  EXPECT_EQ(choice->old_serial, "5D188043");
  EXPECT_EQ(choice->old_until, old.not_after);
  old = certificate("668D7110FF9", 2026);
  choice = choice_in_browsers(certificate("668D7110FF7365F2", 2027), &old);
  EXPECT_EQ(choice->new_serial, "668D7110FF7");
  EXPECT_EQ(choice->old_serial, "668D7110FF9");
  old = certificate("668D7110FF", 2026);
  choice = choice_in_browsers(certificate("668D7110FF7365F2", 2027), &old);
  EXPECT_EQ(choice->new_serial, "668D7110FF7") << "one may begin with the whole of the other";
  EXPECT_EQ(choice->old_serial, "668D7110FF");
}

TEST(ChoiceInBrowsers, IsNoneWhereTheOldOneIsGoneOrOneOfThemDoesNotLogIn) {
  auto old = certificate("01", 2026), fresh = certificate("02", 2027);
  EXPECT_FALSE(choice_in_browsers(fresh, nullptr));
  old.purpose = messages::Purpose::signature;
  EXPECT_FALSE(choice_in_browsers(fresh, &old));
  old.purpose = messages::Purpose::log_in;
  fresh.purpose = messages::Purpose::encryption;
  EXPECT_FALSE(choice_in_browsers(fresh, &old));
  EXPECT_FALSE(concerns_browsers(fresh));
  EXPECT_FALSE(concerns_browsers(messages::CertificateReport{})) << "there is none";
}

}  // namespace
}  // namespace koshin::renewal
