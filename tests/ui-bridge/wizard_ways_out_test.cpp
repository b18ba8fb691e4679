// SPDX-License-Identifier: MIT
// The ways out of a renewal that does not get on: to give it up, to insist.
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

TEST_F(WizardTest, WhatIsUnfinishedIsGivenUpAfterAQuestionAndWithoutAPin) {
  to_start();
  execute();
  host.record = renewal::Record{};
  wizard.on_event(Failure{Reason::authority_unreachable, "gone", {}});
  ASSERT_EQ(screen(), Screen::interrupted);
  ASSERT_TRUE(wizard.model().can_give_up);
  EXPECT_FALSE(act("give_up")) << "asks first";
  act("offer_giving_up");
  ASSERT_EQ(screen(), Screen::give_up);
  act("give_up");
  EXPECT_EQ(host.jobs.back().job.kind, messages::JobKind::cancel);
  EXPECT_TRUE(host.jobs.back().job.keep_key);
  EXPECT_TRUE(host.jobs.back().secrets.empty());
  wizard.on_event(messages::CancelResult{});
  EXPECT_EQ(screen(), Screen::finished);
  EXPECT_EQ(wizard.model().outcome, Outcome::closed);
  EXPECT_EQ(wizard.model().remaining, Remaining::renewal);
}

TEST_F(WizardTest, WhatIsNotUnfinishedCannotBeGivenUp) {
  to_start();
  execute();
  wizard.on_event(Failure{Reason::authority_unreachable, "gone", {}});
  EXPECT_FALSE(wizard.model().can_give_up);
  act("offer_giving_up");
  EXPECT_EQ(screen(), Screen::interrupted);
}

TEST_F(WizardTest, APersonMayAskOnceMoreForWhatWasWrongTwice) {
  open(token(today + days{12}));
  pin("1234");
  EXPECT_FALSE(host.jobs.back().job.force);
  wizard.on_event(Failure{Reason::answer_wrong_twice, "issued_usage_changed 2 times", {}});
  ASSERT_EQ(screen(), Screen::interrupted);
  act("insist");
  wizard.on_event(messages::InspectResult{{token(today + days{12})}, {}});
  pin("1234");
  EXPECT_TRUE(host.jobs.back().job.force);
}

}  // namespace
}  // namespace koshin::ui
