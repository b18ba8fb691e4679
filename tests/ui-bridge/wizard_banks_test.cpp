// SPDX-License-Identifier: MIT
// A page is one bank's: what it looks at, what it hands to the worker, and whose it is when nobody says.
#include "ui-bridge/desk/bank_choice.hpp"
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using ::testing::Each;

class WizardOfABank : public WizardTest {
 protected:
  WizardOfABank() {
    settings.expect.bank = "ume";
    settings.claims = {settings.expect, settings.expect};
    settings.claims[0].bank = "sakura";
    settings.claims[0].issuer_pattern = "CN=Sakura.*";
    settings.expect.issuer_pattern = settings.claims[1].issuer_pattern = "CN=Ume.*";
    wizard.set_occasion({.token_uri = "",
                         .slot = "",
                         .certificate_sha256 = "",
                         .reason = "",
                         .settings_file = "",
                         .bank = "ume"});
  }
  /// With a certificate of each bank; that of the other one is due sooner.
  static messages::TokenReport both() {
    auto report = token(today + days{12});
    report.certificates.front().issuer = "CN=Ume CA";
    report.certificates.push_back(certificate(today + days{2}));
    report.certificates.back().sha256 = std::string(64, 'c');
    report.certificates.back().issuer = "CN=Sakura CA";
    return report;
  }
};

TEST_F(WizardOfABank, ShowsAndRenewsItsOwnCertificate) {
  open(both());
  ASSERT_EQ(screen(), Screen::unlock);
  EXPECT_EQ(wizard.model().certificate->sha256, std::string(64, 'a'));
  pin("1234");
  EXPECT_EQ(host.jobs.back().job.certificate_sha256, std::string(64, 'a'));
  std::vector<std::string> banks;
  for (const auto& started : host.jobs) banks.push_back(started.job.bank);
  EXPECT_GE(banks.size(), 2U);
  EXPECT_THAT(banks, Each("ume"));
}

TEST(BankThatCalls, IsTheOneWhoseCertificateExpiresFirstAmongThoseThatCallForSomething) {
  Deployment deployment;
  for (const char* name : {"sakura", "ume", "momo"}) deployment.banks.emplace_back().expect.bank = name;
  const auto memory = [](const char* bank, const char* decision, int days_left) {
    renewal::TokenMemory made;
    made.bank = bank;
    made.last_decision = decision;
    made.not_after = today + days{days_left};
    made.certificate_sha256 = bank;
    return made;
  };
  EXPECT_EQ(bank_needing_attention(deployment, {}, {}), "sakura") << "nothing is known";
  EXPECT_EQ(bank_needing_attention(
                deployment, {},
                {memory("sakura", "not_due", 2), memory("ume", "due", 9), memory("momo", "due", 5)}),
            "momo");
  EXPECT_EQ(bank_needing_attention(deployment, {}, {memory("gone", "due", 2), memory("ume", "due", 9)}),
            "ume");
  Occasion named;
  named.certificate_sha256 = "ume";
  EXPECT_EQ(bank_needing_attention(deployment, named, {memory("ume", "due", 9), memory("momo", "due", 5)}),
            "ume");
}

}  // namespace
}  // namespace koshin::ui
