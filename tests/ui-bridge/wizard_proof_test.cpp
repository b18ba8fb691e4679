// SPDX-License-Identifier: MIT
// A new certificate that another computer has written to the token: the page has it log in here, as the
// command line does.
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using messages::JobKind;

class WizardProof : public WizardTest {
 protected:
  WizardProof() { host.known.emplace(); }
  messages::TokenReport written(int old_days = 12) {
    auto report = renewed_token(today + days{old_days});
    report.certificates.front().renewed = false;  // as far as this computer knows
    report.certificates.back().key_id = "6b6f7368" + std::string(32, '1');
    return report;
  }
};

TEST_F(WizardProof, ThePinIsAskedForAndItIsTriedAtOnce) {
  open(written());
  ASSERT_EQ(screen(), Screen::unlock) << "and not: nothing is due";
  EXPECT_TRUE(wizard.model().proof_left);
  EXPECT_EQ(wizard.model().certificate->sha256, std::string(64, 'b'));
  pin("1234");
  ASSERT_EQ(host.jobs.back().job.kind, JobKind::renew);
  EXPECT_EQ(host.jobs.back().job.certificate_sha256, std::string(64, 'b'));
  EXPECT_FALSE(host.jobs.back().job.force) << "that would fetch another one";
  wizard.on_event(messages::ReadyEvent{});
  EXPECT_EQ(screen(), Screen::renewing) << "nothing is changed that a person would have to agree to";
  EXPECT_TRUE(host.went);
  wizard.on_event(result());
  EXPECT_EQ(screen(), Screen::completed);
}

TEST_F(WizardProof, WhatThisComputerHasWrittenIsNotTriedAgain) {
  renewal::Record record;
  record.key_id = {0x6b, 0x6f, 0x73, 0x68};
  record.key_id.resize(20, 0x11);
  host.known->push_back(record);
  open(written());
  EXPECT_EQ(screen(), Screen::current);
}

TEST_F(WizardProof, WithoutAJournalNobodyKnowsAndNothingIsTried) {
  host.known.reset();
  open(written());
  EXPECT_EQ(screen(), Screen::current);
}

TEST_F(WizardProof, AfterOneThatCouldNotBeTriedWhatIsDueIsAskedAboutAsEver) {
  open(written());
  pin("1234");
  wizard.on_event(Failure{Reason::authority_unreachable, {}, {}});
  ASSERT_EQ(screen(), Screen::interrupted);
  act("back_to_start");
  wizard.on_event(messages::InspectResult{{token(today + days{12})}, {}});
  pin("1234");
  wizard.on_event(messages::ReadyEvent{});
  EXPECT_EQ(screen(), Screen::notice) << "a renewal that nobody has agreed to must not begin";
  EXPECT_FALSE(host.went);
}

TEST_F(WizardProof, ATokenThatIsDueComesFirstWhereNoneIsNamed) {
  auto due = token(today + days{3});
  due.uri = "pkcs11:serial=2";
  due.serial = "2";
  wizard.open();
  wizard.on_event(messages::InspectResult{{written(), due}, {}});
  EXPECT_EQ(wizard.model().current_token()->serial, "2");
  ASSERT_EQ(wizard.model().others.size(), 1U);
  EXPECT_EQ(wizard.model().others.front().decision, "proof_left");
}

}  // namespace
}  // namespace koshin::ui
