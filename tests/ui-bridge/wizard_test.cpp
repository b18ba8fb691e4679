// SPDX-License-Identifier: MIT
// Which screen follows which, and which jobs are started.
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using messages::JobKind;

TEST_F(WizardTest, ARenewalIsThreeClicksAndAPin) {
  open(token(today + days{12}));
  EXPECT_EQ(screen(), Screen::unlock);
  ASSERT_TRUE(pin("1234"));
  EXPECT_TRUE(host.jobs.back().job.await_go) << "nothing is changed before the person says so";
  EXPECT_EQ(host.jobs.back().secrets, std::vector<std::string>{"1234"});
  EXPECT_EQ(host.jobs.back().job.certificate_sha256, std::string(64, 'a'));
  wizard.on_event(messages::ReadyEvent{});
  EXPECT_EQ(screen(), Screen::notice);
  EXPECT_FALSE(wizard.job_running());
  EXPECT_TRUE(act("next"));
  EXPECT_EQ(screen(), Screen::start);
  EXPECT_TRUE(act("execute", "pkcs11:serial=1"));
  EXPECT_EQ(screen(), Screen::renewing);
  EXPECT_TRUE(host.went);
  EXPECT_EQ(host.jobs.size(), 2U) << "a look and a renewal: one log-in to the token";
  wizard.on_event(result());
  EXPECT_EQ(screen(), Screen::completed);
  EXPECT_FALSE(wizard.model().has_pin) << "wiped as soon as the job has ended";
  EXPECT_TRUE(act("close"));
  EXPECT_TRUE(host.ended);
  EXPECT_EQ(wizard.model().outcome, Outcome::completed);
}

TEST_F(WizardTest, AnActionOfAnotherScreenChangesNothing) {
  open(token(today + days{12}));
  for (const char* name : {"execute", "next", "cancel", "offer_deletion", "delete_on_reader",
                           "start_enrollment", "", "nonsense"})
    EXPECT_FALSE(act(name, "pkcs11:serial=1")) << name;
  EXPECT_EQ(screen(), Screen::unlock);
  EXPECT_EQ(host.jobs.size(), 1U);
}

TEST_F(WizardTest, ADoubleClickStartsOneRenewal) {
  to_start();
  EXPECT_TRUE(act("execute", "pkcs11:serial=1"));
  const auto started = host.jobs.size();
  EXPECT_FALSE(act("execute", "pkcs11:serial=1"));
  EXPECT_EQ(host.jobs.size(), started);
}

TEST_F(WizardTest, AKeyGoesOnlyToATokenThatIsOnTheList) {
  to_start();
  act("execute", "pkcs11:serial=other");
  EXPECT_EQ(screen(), Screen::start);
}

TEST_F(WizardTest, AWrongPinIsForgottenAndTheFlagsAreReadAgain) {
  open(token(today + days{12}));
  pin("9999");
  wizard.on_event(Failure{Reason::pin_incorrect, {}, {}});
  EXPECT_EQ(host.jobs.back().job.kind, JobKind::inspect);
  auto report = token(today + days{12});
  report.pin_final_try = true;
  wizard.on_event(messages::InspectResult{{report}, {}});
  EXPECT_EQ(screen(), Screen::unlock);
  EXPECT_EQ(reason(), Reason::pin_incorrect);
  EXPECT_FALSE(wizard.model().has_pin);
  pin("1234");
  EXPECT_EQ(reason(), Reason::pin_final_try) << "the last try is not spent unconfirmed";
  EXPECT_EQ(host.jobs.back().job.kind, JobKind::inspect);
  act("confirm_final_try", {}, true);
  pin("1234");
  EXPECT_TRUE(host.jobs.back().job.insist_final_try);
}

TEST_F(WizardTest, P2_AnotherPinAfterAWrongOneIsThePersonsDecisionAndOnlyWhenThePageHasSaidSo) {
  open(token(today + days{12}));
  pin("1234");
  EXPECT_FALSE(host.jobs.back().job.insist_count_low);
  wizard.on_event(Failure{Reason::pin_count_low, {}, {}});  // a wrong PIN in another program, just now
  auto report = token(today + days{12});
  report.pin_count_low = true;
  wizard.on_event(messages::InspectResult{{report}, {}});
  EXPECT_EQ(screen(), Screen::unlock);
  EXPECT_EQ(reason(), Reason::pin_count_low);
  pin("1234");
  EXPECT_TRUE(host.jobs.back().job.insist_count_low);
}

TEST_F(WizardTest, APinThatBreaksARuleStartsNoJob) {
  open(token(today + days{12}));
  EXPECT_TRUE(pin("123"));
  EXPECT_EQ(reason(), Reason::pin_length_invalid);
  EXPECT_EQ(host.jobs.size(), 1U);
}

TEST_F(WizardTest, WhatIsNoUtf8StartsNoJobWhicheverSecretItIs) {
  settings.token.pin_characters = PinCharacters::any;
  open(token(today + days{12}));
  EXPECT_TRUE(pin("\x82\xb3\x82\xad\x82\xe7"));
  EXPECT_EQ(reason(), Reason::secret_unusable);
  EXPECT_EQ(host.jobs.size(), 1U);
  act("to_reissue");
  EXPECT_TRUE(wizard.enter_code(secret("\x82\xb3\x82\xad\x82\xe7")));
  EXPECT_EQ(reason(), Reason::secret_unusable);
  EXPECT_FALSE(wizard.model().has_code);
}

TEST_F(WizardTest, AModuleThatSpeaksOfAPinBeforeThereIsATokenEndsInWords) {
  for (const Reason said : {Reason::pin_incorrect, Reason::pin_length_invalid, Reason::pin_final_try}) {
    wizard.open();
    wizard.on_event(Failure{said, {}, {}});
    EXPECT_EQ(screen(), Screen::interrupted);
    EXPECT_EQ(reason(), said);
  }
}

TEST_F(WizardTest, RemindMeNextTimeEndsIt) {
  to_notice();
  act("next", {}, true);
  EXPECT_TRUE(host.snoozed);
  EXPECT_EQ(wizard.model().outcome, Outcome::snoozed);
  EXPECT_TRUE(host.let_gone);
  EXPECT_FALSE(host.went);
  EXPECT_FALSE(wizard.model().has_pin);
}

TEST_F(WizardTest, CancelIsHarmlessOrNotOffered) {
  to_start();
  execute();
  wizard.on_event(messages::StepEvent{messages::Step::preflight, false, false, {}});
  EXPECT_TRUE(wizard.model().can_cancel);
  wizard.on_event(messages::StepEvent{messages::Step::generate_key_pair, false, false, {}});
  EXPECT_FALSE(wizard.model().can_cancel);
  act("cancel");
  EXPECT_FALSE(host.stopped);
}

TEST_F(WizardTest, ATouchIsAskedForAndTakenBack) {
  const auto prompt = [&]() -> std::optional<std::string> {
    for (const Block& block : wizard.model().content)
      if (const auto* touch = std::get_if<TouchPrompt>(&block))
        return touch->words ? std::optional(touch->words->key) : std::nullopt;
    ADD_FAILURE() << "no place for it";
    return {};
  };
  to_start();
  execute();
  EXPECT_EQ(prompt(), std::nullopt);
  wizard.on_event(messages::TouchEvent{.certain = true, .over = false});
  EXPECT_EQ(prompt(), "renewing.touch");
  wizard.on_event(messages::TouchEvent{.certain = true, .over = true});
  EXPECT_EQ(prompt(), std::nullopt);
  wizard.on_event(messages::TouchEvent{.certain = false, .over = false});
  EXPECT_EQ(prompt(), "renewing.touch_perhaps");
  wizard.on_event(Failure{Reason::touch_missing, {}, {}});
  EXPECT_EQ(screen(), Screen::interrupted);
  EXPECT_EQ(wizard.model().touch, std::nullopt);
}

TEST_F(WizardTest, AFailureKeepsWhatWasDone) {
  to_start();
  execute();
  wizard.on_event(messages::StepEvent{messages::Step::preflight, true, false, {}});
  wizard.on_event(Failure{Reason::authority_unreachable, {}, {}});
  EXPECT_EQ(screen(), Screen::interrupted);
  EXPECT_EQ(wizard.model().steps.front().state, StepView::State::done);
  EXPECT_TRUE(act("back_to_start"));
  EXPECT_EQ(host.jobs.back().job.kind, JobKind::inspect);
}

TEST_F(WizardTest, ACertificateThatIsTooWeakIsForAReissue) {
  to_start();
  execute();
  wizard.on_event(Failure{Reason::certificate_too_weak, {}, {}});
  EXPECT_EQ(screen(), Screen::reissue);
  EXPECT_EQ(wizard.model().why_reissue, "too_weak");
}

TEST_F(WizardTest, ACertificateThatIsNotOneOfOursIsNotCalledGoodForLong) {
  settings.expect.organization = "Another Bank";
  open(token(today - days{2}));
  EXPECT_EQ(screen(), Screen::current);
  EXPECT_EQ(wizard.model().why_reissue, "not_ours");
}

TEST_F(WizardTest, AnExpiredCertificateNeedsACode) {
  open(token(today - days{2}));
  EXPECT_EQ(screen(), Screen::reissue);
  EXPECT_EQ(wizard.model().why_reissue, "expired");
  act("start_enrollment");
  EXPECT_EQ(screen(), Screen::reissue) << "not without a code";
  EXPECT_TRUE(code("ABCD-1234"));
  act("start_enrollment");
  execute();
  EXPECT_EQ(screen(), Screen::unlock);
  pin("1234");
  EXPECT_EQ(host.jobs.back().job.kind, JobKind::enroll);
  EXPECT_EQ(host.jobs.back().secrets, (std::vector<std::string>{"1234", "ABCD-1234"}));
  wizard.on_event(Failure{Reason::reissue_code_invalid, {}, {}});
  EXPECT_EQ(screen(), Screen::reissue);
  EXPECT_EQ(reason(), Reason::reissue_code_invalid);
  EXPECT_FALSE(wizard.model().has_code);
}

TEST_F(WizardTest, PullingTheTokenEndsAnIdleWizardAndLetsARenewalSayWhatItDid) {
  to_start();
  execute();
  wizard.on_token_removed();
  EXPECT_EQ(screen(), Screen::renewing);
  wizard.on_event(Failure{Reason::token_removed, {}, {}});
  EXPECT_EQ(screen(), Screen::finished);
  EXPECT_EQ(wizard.model().outcome, Outcome::token_removed);
  EXPECT_FALSE(wizard.model().steps.empty());
}

TEST_F(WizardTest, NothingDueShowsTheCertificate) {
  open(token(today + days{200}));
  EXPECT_EQ(screen(), Screen::current);
  EXPECT_EQ(wizard.model().certificate->common_name, "12345678901234 user0001");
}

TEST_F(WizardTest, WhatRemainsAtTheEndIsToldByWhereItEnded) {
  open(token(today + days{200}));
  EXPECT_EQ(wizard.model().what_remains(), Remaining::nothing);
  act("to_reissue");
  act("close");
  EXPECT_EQ(wizard.model().remaining, Remaining::receipt);
}

TEST_F(WizardTest, ACheckOfTheComputerLeavesNothingToDoWhereNothingWasDue) {
  for (const bool check_fails : {false, true}) {
    open(token(today + days{200}));
    act("check_computer");
    wizard.on_event(check_fails ? messages::Event(Failure{Reason::module_crashed, "signal 9", {}})
                                : messages::DoctorResult{});
    EXPECT_EQ(screen(), check_fails ? Screen::interrupted : Screen::computer);
    EXPECT_EQ(wizard.model().what_remains(), Remaining::nothing);
    act("back_to_start");
    wizard.on_event(messages::InspectResult{{token(today + days{20})}, {}});
    EXPECT_EQ(wizard.model().what_remains(), Remaining::renewal);
  }
}

TEST_F(WizardTest, TheLastPageAfterACheckOfTheComputerSpeaksOfNoRenewal) {
  open(token(today + days{200}));
  act("check_computer");
  wizard.on_event(messages::DoctorResult{});
  act("close");
  EXPECT_EQ(wizard.model().remaining, Remaining::nothing);
}

TEST_F(WizardTest, ARenewalThatWasDoneIsDoneHoweverThePageIsLeft) {
  to_start();
  EXPECT_EQ(wizard.model().what_remains(), Remaining::renewal);
  execute();
  wizard.on_event(result());
  act("offer_deletion");
  wizard.end(Outcome::idle);
  EXPECT_EQ(wizard.model().outcome, Outcome::completed);
}

TEST_F(WizardTest, APendingRequestIsNotAskedForBeforeItsTime) {
  renewal::Record record;
  record.state = renewal::State::pending;
  record.ask_again = today + std::chrono::hours{2};
  record.old_sha256 = std::string(64, 'a');
  host.record = record;
  open(token(today + days{12}));
  EXPECT_EQ(screen(), Screen::pending);
  act("ask_again");
  EXPECT_EQ(screen(), Screen::pending);
  EXPECT_EQ(wizard.model().what_remains(), Remaining::approval);
}

TEST_F(WizardTest, APendingReissueIsAskedForWithANewCode) {
  open(token(today - days{2}));
  code("ABCD-1234");
  act("start_enrollment");
  execute();
  pin("1234");
  wizard.on_event(messages::PendingResult{today - std::chrono::minutes{1}, {}});
  ASSERT_EQ(screen(), Screen::pending);
  EXPECT_EQ(wizard.model().what_remains(), Remaining::receipt);
  act("ask_again");
  EXPECT_EQ(screen(), Screen::reissue);
}

TEST_F(WizardTest, AModuleInTroubleIsNamedWhenThereIsNoToken) {
  wizard.open();
  wizard.on_event(messages::InspectResult{{}, {{"/lib/module.so", Failure{Reason::module_hung, {}, {}}}}});
  EXPECT_EQ(screen(), Screen::interrupted);
  EXPECT_EQ(reason(), Reason::module_hung);
}

}  // namespace
}  // namespace koshin::ui
