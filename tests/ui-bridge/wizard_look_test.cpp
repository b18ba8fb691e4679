// SPDX-License-Identifier: MIT
// Tokens whose contents show only with the PIN: looked at with it first, and decided then.
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using messages::JobKind;

class WizardLook : public WizardTest {
 protected:
  /// Before the PIN: a key that no certificate belongs to.
  static messages::TokenReport closed() {
    auto report = token(today);
    report.certificates.clear();
    report.private_objects_hidden = true;
    report.keys_without_certificate.push_back({"01", "key", "ec-p256", false, false, {}, {}});
    return report;
  }
  void look() {
    open(closed());
    ASSERT_EQ(screen(), Screen::unlock) << "and not: a re-issue";
    EXPECT_TRUE(wizard.model().look_first);
    pin("1234");
    ASSERT_EQ(host.jobs.back().job.kind, JobKind::inspect);
    EXPECT_EQ(host.jobs.back().secrets, std::vector<std::string>{"1234"});
    EXPECT_EQ(host.jobs.back().job.token_uri, "pkcs11:serial=1");
  }
  void seen(const messages::TokenReport& report) { wizard.on_event(messages::InspectResult{{report}, {}}); }
};

TEST_F(WizardLook, WhatIsDueIsUnlockedAtOnceWithTheSamePin) {
  look();
  seen(token(today + days{12}));
  ASSERT_EQ(host.jobs.back().job.kind, JobKind::renew);
  EXPECT_TRUE(host.jobs.back().job.await_go);
  EXPECT_EQ(host.jobs.back().secrets, std::vector<std::string>{"1234"});
  wizard.on_event(messages::ReadyEvent{});
  EXPECT_EQ(screen(), Screen::notice);
}

TEST_F(WizardLook, WhatIsNotDueIsShownAndThePinForgotten) {
  look();
  seen(token(today + days{200}));
  EXPECT_EQ(screen(), Screen::current);
  EXPECT_FALSE(wizard.model().has_pin);
}

TEST_F(WizardLook, ATokenKeepsTheNameByWhichItIsToldFromOthersLikeIt) {
  auto report = closed();
  report.uri = "pkcs11:serial=1;slot-description=A";
  open(report);
  pin("1234");
  seen(token(today + days{12}));
  EXPECT_EQ(host.jobs.back().job.kind, JobKind::renew);
  EXPECT_EQ(host.jobs.back().job.token_uri, "pkcs11:serial=1;slot-description=A");
}

TEST_F(WizardLook, WhereNothingIsAReissueIsOffered) {
  look();
  auto report = closed();
  report.private_objects_hidden = false;
  seen(report);
  EXPECT_EQ(screen(), Screen::reissue);
  EXPECT_FALSE(wizard.model().has_pin);
}

TEST_F(WizardLook, AWrongPinIsAskedForAgain) {
  look();
  wizard.on_event(Failure{Reason::pin_incorrect, {}, {}});
  ASSERT_EQ(host.jobs.back().job.kind, JobKind::inspect);
  EXPECT_TRUE(host.jobs.back().secrets.empty());
  seen(closed());
  EXPECT_EQ(screen(), Screen::unlock);
  EXPECT_EQ(reason(), Reason::pin_incorrect);
  EXPECT_TRUE(wizard.model().look_first);
}

TEST_F(WizardLook, APinPadIsWhereItIsTyped) {
  auto report = closed();
  report.protected_path = true;
  open(report);
  act("unlock_on_reader");
  EXPECT_EQ(host.jobs.back().job.kind, JobKind::inspect);
  EXPECT_TRUE(host.jobs.back().job.protected_path);
  auto all = token(today + days{12});
  all.protected_path = true;
  seen(all);
  EXPECT_EQ(screen(), Screen::unlock) << "the token asks again for the renewal";
  act("unlock_on_reader");
  EXPECT_EQ(screen(), Screen::notice);
}

}  // namespace
}  // namespace koshin::ui
