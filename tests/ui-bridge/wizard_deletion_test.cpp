// SPDX-License-Identifier: MIT
// When the certificate that was replaced is offered for deletion, and what it takes to delete it.
#include <algorithm>

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

/// The screens' texts by their keys, those of leads and paragraphs.
std::vector<std::string> texts_on(const ScreenContent& content) {
  std::vector<std::string> keys;
  for (const Block& block : content) {
    if (const auto* lead = std::get_if<Lead>(&block)) keys.push_back(lead->words.key);
    if (const auto* paragraph = std::get_if<Paragraph>(&block)) keys.push_back(paragraph->words.key);
  }
  return keys;
}

class SeveralDeletions : public WizardTest {
 protected:
  SeveralDeletions() { settings.expect.purposes = {"login", "signature"}; }
  /// A signature's certificate and one that logs in; those that begin with these digits have been renewed.
  static messages::TokenReport two(const std::string& renewed) {
    auto report = token(today + days{12});
    report.certificates.push_back(certificate(today + days{12}));
    report.certificates.back().sha256 = std::string(64, 'c');
    report.certificates.back().purpose = messages::Purpose::signature;
    report.certificates.front().purpose = messages::Purpose::log_in;
    for (auto& one : report.certificates) one.holder = "CN=" + one.common_name;
    for (const char digit : renewed) {
      auto& old = digit == 'a' ? report.certificates[0] : report.certificates[1];
      auto next = old;
      next.sha256 = std::string(64, static_cast<char>(digit + 1));
      next.not_after = today + days{365};
      old.replaced_by = next.sha256;
      old.renewed = true;
      report.certificates.push_back(next);
    }
    return report;
  }
  static messages::RenewResult renewed(char digit, const std::string& all) {
    const auto report = two(all);
    const auto with = [&](char first) {
      return *std::ranges::find(report.certificates, std::string(64, first),
                                &messages::CertificateReport::sha256);
    };
    return {false, report, with(digit), with(static_cast<char>(digit + 1))};
  }
  void begin() {
    open(two(""));
    pin("1234");
    wizard.on_event(messages::ReadyEvent{});
    act("next");
    execute();
  }
  const ScreenContent& content() const { return wizard.model().content; }
};

TEST_F(SeveralDeletions, TheOtherOldCertificatesAreSaidToStay) {
  begin();
  wizard.on_event(renewed('a', "a"));
  wizard.on_event(renewed('c', "ac"));
  ASSERT_EQ(screen(), Screen::completed);
  ASSERT_TRUE(wizard.model().deletable);
  EXPECT_THAT(texts_on(content()), testing::Contains("completed.old_others"));
  act("offer_deletion");
  EXPECT_THAT(texts_on(content()), testing::Contains("delete.text"));
  act("confirm_deletion");
  pin("1234");
  wizard.on_event(messages::PruneResult{});
  ASSERT_EQ(screen(), Screen::completed);
  EXPECT_THAT(texts_on(content()), testing::Contains("completed.old_others"));
}

TEST_F(SeveralDeletions, ADeletionIsNotSaidOfTheNextRenewal) {
  begin();
  wizard.on_event(renewed('a', "a"));
  wizard.on_event(Failure{Reason::authority_refused, {}, {}});
  ASSERT_EQ(screen(), Screen::completed);
  EXPECT_THAT(texts_on(content()), testing::Not(testing::Contains("completed.old_others")));
  act("offer_deletion");
  act("confirm_deletion");
  pin("1234");
  wizard.on_event(messages::PruneResult{});
  ASSERT_TRUE(wizard.model().deleted);
  act("back_to_start");
  EXPECT_FALSE(wizard.model().deleted);
}

TEST_F(SeveralDeletions, OfASignatureItIsNotSaidThatItLogsIn) {
  begin();
  wizard.on_event(Failure{Reason::authority_refused, {}, {}});
  wizard.on_event(renewed('c', "c"));
  ASSERT_TRUE(wizard.model().deletable);
  act("offer_deletion");
  EXPECT_THAT(texts_on(content()), testing::Contains("delete.text_signature"));
}

}  // namespace
}  // namespace koshin::ui
