// SPDX-License-Identifier: MIT
// When the certificate that was replaced is offered for deletion, and what it takes to delete it.
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using messages::JobKind;

TEST_F(WizardTest, TheOldCertificateIsOfferedOnlyAfterItsSuccessorHasLoggedIn) {
  host.old_renewed = false;
  to_start();
  execute();
  wizard.on_event(result());
  EXPECT_FALSE(wizard.model().deletable);
  act("offer_deletion");
  EXPECT_EQ(screen(), Screen::completed);
}

TEST_F(WizardTest, AfterAReissueTheOneWhoseNameItTookOverIsOffered) {
  const auto expired = certificate(today - days{3});
  open(token(today - days{3}));
  ASSERT_EQ(screen(), Screen::reissue);
  code("ABCD-EFGH-JKLM");
  act("start_enrollment");
  execute();
  pin("1234");
  ASSERT_EQ(host.jobs.back().job.kind, JobKind::enroll);
  const auto now = renewed_token(today - days{3});
  wizard.on_event(messages::RenewResult{false, now, {}, now.certificates.back()});
  ASSERT_EQ(screen(), Screen::completed);
  ASSERT_TRUE(wizard.model().deletable);
  EXPECT_EQ(wizard.model().deletable->not_after, expired.not_after);
}

TEST_F(WizardTest, WhatCouldBeDeletedBeforeIsNotOfferedAfterAReissueOnAnotherToken) {
  auto report = token(today + days{300});
  report.certificates.push_back(certificate(today - days{3}));
  report.certificates.back().replaced_by = report.certificates.front().sha256;
  report.certificates.back().renewed = true;
  open(report);
  ASSERT_EQ(screen(), Screen::current);
  ASSERT_TRUE(wizard.model().deletable);
  act("to_reissue");
  code("ABCD-EFGH-JKLM");
  act("start_enrollment");
  execute();
  pin("1234");
  wizard.on_event(messages::RenewResult{false, token(today + days{365}), {}, certificate(today + days{365})});
  ASSERT_EQ(screen(), Screen::completed);
  EXPECT_FALSE(wizard.model().deletable);
}

TEST_F(WizardTest, DeletionAsksTwiceAndForThePin) {
  to_start();
  execute();
  wizard.on_event(result());
  EXPECT_FALSE(pin("1234")) << "nothing to unlock here";
  act("offer_deletion");
  EXPECT_EQ(screen(), Screen::delete_old);
  act("confirm_deletion");
  EXPECT_EQ(screen(), Screen::delete_confirm);
  EXPECT_EQ(host.jobs.back().job.kind, JobKind::renew) << "still nothing was deleted";
  pin("1234");
  EXPECT_EQ(host.jobs.back().job.kind, JobKind::prune);
  EXPECT_EQ(host.jobs.back().job.certificate_sha256, std::string(64, 'a'));
  wizard.on_event(messages::PruneResult{});
  EXPECT_EQ(screen(), Screen::completed);
  EXPECT_TRUE(wizard.model().deleted);
  EXPECT_FALSE(wizard.model().deletable);
}

TEST_F(WizardTest, P2_AWrongPinInAnotherProgramMeanwhileIsToldBeforeTheDeletionGoesOn) {
  to_start();
  execute();
  wizard.on_event(result());
  act("offer_deletion");
  act("confirm_deletion");
  pin("1234");
  EXPECT_FALSE(host.jobs.back().job.insist_count_low);
  wizard.on_event(Failure{Reason::pin_count_low, {}, {}});
  ASSERT_EQ(host.jobs.back().job.kind, JobKind::inspect);
  auto report = token(today + days{12});
  report.pin_count_low = true;
  wizard.on_event(messages::InspectResult{{report}, {}});
  EXPECT_EQ(screen(), Screen::delete_confirm);
  EXPECT_EQ(reason(), Reason::pin_count_low);
  pin("1234");
  EXPECT_EQ(host.jobs.back().job.kind, JobKind::prune);
  EXPECT_TRUE(host.jobs.back().job.insist_count_low);
}

}  // namespace
}  // namespace koshin::ui
