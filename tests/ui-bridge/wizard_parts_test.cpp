// SPDX-License-Identifier: MIT
// What the wizard's small parts decide: consent to a renewal, its progress, a PIN on the reader, the answers
// of the system's store.
#include <algorithm>

#include "ui-bridge/wizard/consent.hpp"
#include "ui-bridge/wizard/renewal_progress.hpp"
#include "ui-bridge/wizard/store_checks.hpp"
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using messages::Step;
using messages::StepEvent;

TEST(WizardConsent, TheNoticeComesFirstAndOnce) {
  Consent consent;
  consent.begin(false);
  EXPECT_EQ(consent.next(false), Consent::Next::notice);
  EXPECT_EQ(consent.next(true), Consent::Next::choice) << "it was read before the earlier run";
  consent.notice_was_read();
  EXPECT_EQ(consent.next(false), Consent::Next::choice);
  consent.begin(false);
  EXPECT_EQ(consent.next(false), Consent::Next::choice) << "another look at the same token";
}

TEST(WizardConsent, IsNotAskedForAProofAlone) {
  Consent consent;
  consent.begin(true);
  EXPECT_EQ(consent.next(false), Consent::Next::renewal);
  consent.begin(false);
  EXPECT_EQ(consent.next(false), Consent::Next::notice);
}

TEST(WizardConsent, CountsForOneRenewal) {
  Consent consent;
  consent.give();
  EXPECT_EQ(consent.next(true), Consent::Next::renewal);
  consent.is_used_up();
  EXPECT_EQ(consent.next(true), Consent::Next::choice);
}

TEST(WizardConsent, InsistingOutlivesAnotherLookAndNotTheCertificate) {
  Consent consent;
  EXPECT_FALSE(consent.insists());
  consent.insist();
  consent.begin(false);
  EXPECT_TRUE(consent.insists());
  consent.insist_no_more();
  EXPECT_FALSE(consent.insists());
}

StepView::State state_of(const Model& model, Step step) {
  return std::ranges::find(model.steps, step, &StepView::step)->state;
}

TEST(WizardProgress, StepsOfTheChecksBeforeTheRenewalAreNotShown) {
  Model model;
  RenewalProgress progress(model);
  StepEvent preflight;
  preflight.step = Step::preflight;
  EXPECT_FALSE(progress.on_event(preflight));
  EXPECT_TRUE(model.steps.empty());
  EXPECT_TRUE(progress.on_event(messages::NoticeEvent{"pin_count_low", {}})) << "what they notice is";
  progress.begin(false);
  EXPECT_TRUE(progress.on_event(preflight));
  EXPECT_EQ(state_of(model, Step::preflight), StepView::State::running);
}

TEST(WizardProgress, CanBeCancelledWhileItOnlyChecks) {
  Model model;
  RenewalProgress progress(model);
  progress.begin(true);
  EXPECT_TRUE(model.can_cancel && model.on_reader);
  StepEvent step;
  step.step = Step::preflight;
  progress.on_event(step);
  EXPECT_TRUE(model.can_cancel && model.on_reader);
  step.finished = true;
  progress.on_event(step);
  EXPECT_FALSE(model.can_cancel || model.on_reader);
  EXPECT_EQ(state_of(model, Step::preflight), StepView::State::done);
}

TEST(WizardProgress, NothingIsAskedOfThePersonAfterTheEnd) {
  Model model;
  RenewalProgress progress(model);
  progress.begin(true);
  messages::TouchEvent touch;
  touch.certain = true;
  EXPECT_TRUE(progress.on_event(touch));
  EXPECT_EQ(model.touch, std::optional(true));
  EXPECT_FALSE(progress.on_event(Failure{Reason::module_crashed, {}, {}})) << "the flow shows the end";
  EXPECT_FALSE(model.can_cancel || model.on_reader || model.touch);
  EXPECT_FALSE(progress.on_event(StepEvent{})) << "no renewal runs";
}

TEST(WizardModel, ThePinIsTypedOnTheReaderWhereItHasAPad) {
  Model model;
  EXPECT_FALSE(model.may_try_on_reader()) << "there is no token";
  model.tokens = {token(today)};
  model.token = 0;
  EXPECT_FALSE(model.may_try_on_reader());
  model.tokens.front().protected_path = true;
  EXPECT_TRUE(model.may_try_on_reader());
  model.tokens.front().pin_final_try = true;
  EXPECT_FALSE(model.may_try_on_reader());
  model.final_try_confirmed = true;
  EXPECT_TRUE(model.may_try_on_reader());
}

TEST(WizardStore, AnAnswerThatNobodyWaitsForIsDropped) {
  std::vector<StoreCheck> rows;
  StoreChecks store(rows);
  EXPECT_FALSE(store.has_told("a", renewal::StoreFinding{}));
  store.is_asked("a");
  EXPECT_FALSE(store.ask_for_token_anew()) << "it is being looked for";
  EXPECT_TRUE(store.has_told("a", renewal::StoreFinding{}));
  EXPECT_TRUE(store.ask_for_token_anew()) << "the store lacks it";
  EXPECT_TRUE(store.has_told("a", std::nullopt));
  EXPECT_TRUE(rows.empty()) << "of a store that could not be read nothing is said";
  EXPECT_FALSE(store.ask_for_token_anew());
}

}  // namespace
}  // namespace koshin::ui
