// SPDX-License-Identifier: MIT
// Which certificate to choose in the browser, after several renewals of one page.
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

class InBrowsers : public WizardTest {
 protected:
  static messages::CertificateReport of(char digit, TimePoint not_after) {
    auto report = certificate(not_after);
    report.sha256 = std::string(64, digit);
    report.holder = report.subject = "CN=" + report.common_name;
    return report;
  }
  /// Renews the certificate at that place: the new one of the serial number with an F comes behind all
  /// others.
  static messages::CertificateReport renew(messages::TokenReport& report, std::size_t place,
                                           const std::string& serial) {
    auto fresh = report.certificates[place];
    fresh.sha256[0] = static_cast<char>(fresh.sha256[0] + 1);
    fresh.serial = serial + "F";
    fresh.not_after = today + days{365};
    report.certificates[place].serial = serial;
    report.certificates[place].replaced_by = fresh.sha256;
    report.certificates.push_back(fresh);
    return fresh;
  }
};

/// Two users on one token: each new certificate stands beside the one that its own renewal has replaced.
TEST_F(InBrowsers, WhatToChooseInTheBrowserIsSaidOfEachRenewal) {
  const auto two = [] {
    auto report = token(today + days{12});
    report.certificates = {of('a', today + days{12}), of('c', today + days{12})};
    report.certificates[1].common_name = "12345678901234 user0002";
    report.certificates[1].holder = "CN=" + report.certificates[1].common_name;
    return report;
  };
  const auto next = [](messages::TokenReport& report, std::size_t place, const std::string& serial) {
    const auto fresh = renew(report, place, serial);
    report.certificates[place].renewed = true;
    return messages::RenewResult{false, report, report.certificates[place], fresh};
  };
  auto report = two();
  open(report);
  pin("1234");
  wizard.on_event(messages::ReadyEvent{});
  act("next");
  execute();
  wizard.on_event(next(report, 0, "0A"));
  wizard.on_event(next(report, 1, "0C"));
  ASSERT_EQ(screen(), Screen::completed);
  const auto& all = wizard.model().in_browsers;
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].old_serial + all[0].new_serial, "0A0AF");
  EXPECT_EQ(all[1].old_serial + all[1].new_serial, "0C0CF");
}

/// The old certificate of an earlier renewal of the page went meanwhile; what an older one has left is still
/// listed beside the new one.
TEST_F(InBrowsers, WhatIsLeftOfAnEarlierRenewalIsSaidOnceItsOldCertificateIsGone) {
  auto report = token(today + days{12});
  report.certificates = {of('a', today + days{12}), of('e', today + days{5}), of('c', today + days{12})};
  report.certificates[2].common_name = "12345678901234 user0002";
  report.certificates[2].holder = "CN=" + report.certificates[2].common_name;
  report.certificates[1].serial = "0E";
  report.certificates[1].replaced_by = report.certificates[0].sha256;
  open(report);
  pin("1234");
  wizard.on_event(messages::ReadyEvent{});
  act("next");
  execute();
  const auto first = renew(report, 0, "0A");
  report.certificates[1].replaced_by = first.sha256;
  wizard.on_event(messages::RenewResult{false, report, report.certificates[0], first});
  const auto& all = wizard.model().in_browsers;
  ASSERT_EQ(all.size(), 1U);
  ASSERT_EQ(all[0].others.size(), 1U);
  const auto second = renew(report, 2, "0C");
  const auto old = report.certificates[2];
  report.certificates.erase(report.certificates.begin());
  wizard.on_event(messages::RenewResult{false, report, old, second});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].old_serial, "0E");
  EXPECT_EQ(all[0].count(), 2U);
}

}  // namespace
}  // namespace koshin::ui
