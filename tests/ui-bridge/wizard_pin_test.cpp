// SPDX-License-Identifier: MIT
// A new PIN on the page: by whoever knows the old one, with the PUK, by the security officer, and before a
// renewal of a token that asks for it.
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using messages::JobKind;
using messages::SecretKind;

class WizardPin : public WizardTest {
 protected:
  bool resetting(std::string_view text) { return wizard.enter_resetting_secret(secret(text)); }
  bool new_pin(std::string_view text) { return wizard.enter_new_pin(secret(text)); }
  const FakeHost::Started& last() const { return host.jobs.back(); }
  void answer(const messages::TokenReport& now, const std::string& file = {}) {
    wizard.on_event(messages::PinResult{now, file});
  }
  /// The job has come as far as the call that changes the PIN.
  void begin_call() { wizard.on_event(messages::NoticeEvent{std::string(renewal::pin_change_begins), {}}); }
  messages::TokenReport due() const { return token(today + days{12}); }
  messages::TokenReport locked() const {
    auto report = due();
    report.pin_locked = true;
    return report;
  }
};

TEST_F(WizardPin, IsChangedFromTheFirstScreenAndThePageBeginsAnew) {
  open(due());
  EXPECT_TRUE(act("to_pin_change"));
  EXPECT_EQ(screen(), Screen::pin_change);
  EXPECT_FALSE(new_pin("8642")) << "not before the old one";
  EXPECT_TRUE(pin("1234"));
  EXPECT_TRUE(wizard.model().has_pin);
  EXPECT_TRUE(new_pin("8642"));
  EXPECT_EQ(last().job.kind, JobKind::change_pin);
  EXPECT_EQ(last().job.secrets, (std::vector{SecretKind::pin, SecretKind::new_pin}));
  EXPECT_EQ(last().secrets, (std::vector<std::string>{"1234", "8642"}));
  answer(due());
  EXPECT_EQ(screen(), Screen::pin_changed);
  EXPECT_FALSE(wizard.model().has_pin) << "nothing is kept";
  EXPECT_TRUE(act("leave_pin"));
  EXPECT_EQ(screen(), Screen::loading);
  EXPECT_EQ(last().job.kind, JobKind::inspect);
}

TEST_F(WizardPin, ThatTheTokenWantsChangedIsChangedBeforeTheRenewalGoesOnWithIt) {
  auto report = due();
  report.pin_to_be_changed = true;
  open(report);
  EXPECT_EQ(screen(), Screen::pin_change);
  EXPECT_TRUE(wizard.model().pin_change.required);
  pin("1234");
  new_pin("8642");
  answer(due());
  EXPECT_EQ(screen(), Screen::unlock);
  EXPECT_EQ(last().job.kind, JobKind::renew);
  EXPECT_EQ(last().secrets, std::vector<std::string>{"8642"});
  EXPECT_FALSE(wizard.model().current_token()->pin_to_be_changed);
  wizard.on_event(messages::ReadyEvent{});
  EXPECT_EQ(screen(), Screen::notice);
}

TEST_F(WizardPin, ThatHasExpiredByTheTokensAnswerIsChangedToo) {
  open(due());
  pin("1234");
  wizard.on_event(Failure{Reason::pin_expired, "C_Login", {}});
  EXPECT_EQ(screen(), Screen::pin_change);
  EXPECT_TRUE(wizard.model().pin_change.required);
  pin("1234");
  new_pin("8642");
  answer(due());
  EXPECT_EQ(last().job.kind, JobKind::renew);
}

TEST_F(WizardPin, ThatIsLockedIsSetByTheSecurityOfficer) {
  open(locked());
  EXPECT_EQ(screen(), Screen::interrupted);
  EXPECT_TRUE(act("to_pin_reset"));
  EXPECT_EQ(screen(), Screen::pin_reset);
  EXPECT_FALSE(wizard.model().pin_change.by_puk);
  EXPECT_FALSE(pin("1234")) << "no PIN is asked for";
  EXPECT_TRUE(resetting("so-pin"));
  EXPECT_TRUE(new_pin("8642"));
  EXPECT_EQ(last().job.kind, JobKind::reset_pin);
  EXPECT_EQ(last().job.secrets, (std::vector{SecretKind::security_officer_pin, SecretKind::new_pin}));
  answer(due(), "/etc/koshin/pin");
  EXPECT_EQ(screen(), Screen::pin_changed);
  EXPECT_EQ(wizard.model().pin_change.pin_file, "/etc/koshin/pin");
}

TEST_F(WizardPin, OfACardIsSetWithThePukOfSixToEightCharacters) {
  settings.token.profile = TokenProfileName::piv;
  auto card = locked();
  card.management_key = messages::ManagementKey::behind_pin;
  card.pin_min = 6;
  card.pin_max = 8;
  open(card);
  act("to_pin_reset");
  EXPECT_TRUE(wizard.model().pin_change.by_puk);
  EXPECT_TRUE(resetting("12345"));
  EXPECT_EQ(reason(), Reason::puk_incorrect);
  EXPECT_FALSE(wizard.model().has_resetting_secret);
  EXPECT_TRUE(resetting("12345678"));
  EXPECT_TRUE(new_pin("86a209"));
  EXPECT_EQ(reason(), Reason::new_pin_refused);
  EXPECT_EQ(host.jobs.size(), 1U) << "only the look";
  EXPECT_FALSE(wizard.model().has_resetting_secret) << "and it is entered again";
  resetting("12345678");
  new_pin("864209");
  EXPECT_EQ(last().job.secrets, (std::vector{SecretKind::puk, SecretKind::new_pin}));
}

TEST_F(WizardPin, P2_IsNotTriedWhereItCannotBeRight) {
  open(due());
  act("to_pin_change");
  EXPECT_TRUE(pin("12"));
  EXPECT_EQ(reason(), Reason::pin_length_invalid);
  EXPECT_FALSE(new_pin("8642"));
  pin("1234");
  for (const char* wrong : {"", "12", "1234", "7777", "4567"}) {
    pin("1234");
    EXPECT_TRUE(new_pin(wrong)) << wrong;
    EXPECT_TRUE(wizard.model().failure) << wrong;
    EXPECT_EQ(host.jobs.size(), 1U) << wrong;
  }
}

TEST_F(WizardPin, P2_ThatWasWrongIsToldOnTheSameScreenWithTheTokensState) {
  open(due());
  act("to_pin_change");
  pin("1234");
  new_pin("8642");
  begin_call();
  wizard.on_event(Failure{Reason::pin_incorrect, "C_SetPIN", {}});
  EXPECT_EQ(last().job.kind, JobKind::inspect) << "the token is looked at";
  auto report = due();
  report.pin_final_try = true;
  wizard.on_event(messages::InspectResult{{report}, {}});
  EXPECT_EQ(screen(), Screen::pin_change);
  EXPECT_EQ(reason(), Reason::pin_incorrect);
  pin("4321");
  EXPECT_EQ(reason(), Reason::pin_final_try) << "not without the person's word";
  act("confirm_final_try", {}, true);
  pin("4321");
  new_pin("8642");
  EXPECT_EQ(last().job.kind, JobKind::change_pin);
  EXPECT_TRUE(last().job.insist_final_try);
}

TEST_F(WizardPin, AWorkerThatDiesInTheCallLeavesOpenWhichPinCounts) {
  for (const bool in_the_call : {false, true}) {
    open(due());
    act("to_pin_change");
    pin("1234");
    new_pin("8642");
    if (in_the_call) begin_call();
    wizard.on_event(Failure{Reason::module_crashed, "signal 9", {}});
    EXPECT_EQ(reason(), in_the_call ? Reason::pin_change_unknown : Reason::module_crashed);
    EXPECT_EQ(screen(), in_the_call ? Screen::pin_change : Screen::interrupted);
    wizard.on_event(messages::InspectResult{{due()}, {}});
    act("leave_pin");
    act("back_to_start");
  }
}

TEST_F(WizardPin, AskedForWhileACodeIsThereIsChangedAndTheEnrollmentGoesOnWithBoth) {
  for (const Reason refusal : {Reason::pin_expired, Reason::pin_incorrect}) {
    host.jobs.clear();
    auto report = token(today - days{1});
    open(report);
    ASSERT_EQ(screen(), Screen::reissue);
    ASSERT_TRUE(code("CODE-1"));
    act("start_enrollment");
    execute();
    ASSERT_EQ(screen(), Screen::unlock);
    pin("1234");
    ASSERT_EQ(last().job.kind, JobKind::enroll);
    wizard.on_event(Failure{refusal, "C_Login", {}});
    if (refusal == Reason::pin_incorrect) {
      wizard.on_event(messages::InspectResult{{report}, {}});
      pin("8642");
    } else {
      ASSERT_EQ(screen(), Screen::pin_change);
      pin("1234");
      new_pin("8642");
      answer(report);
    }
    EXPECT_EQ(last().job.kind, JobKind::enroll);
    EXPECT_EQ(last().job.secrets, (std::vector{SecretKind::pin, SecretKind::reissue_code}));
    EXPECT_EQ(last().secrets, (std::vector<std::string>{"8642", "CODE-1"}));
    wizard.on_event(Failure{Reason::token_removed, {}, {}});
    EXPECT_FALSE(wizard.model().has_code);
  }
}

TEST_F(WizardPin, WhoseTokenIsPulledDuringTheChangeIsToldWhatBecameOfIt) {
  const auto change = [&] {
    open(due());
    act("to_pin_change");
    pin("1234");
    new_pin("8642");
    begin_call();
    wizard.on_token_removed();
    EXPECT_NE(screen(), Screen::finished) << "the job knows which PIN counts";
    EXPECT_FALSE(host.stopped);
  };
  change();
  wizard.on_event(Failure{Reason::pin_change_unknown, "C_SetPIN: CKR_DEVICE_REMOVED", {}});
  EXPECT_EQ(screen(), Screen::interrupted);
  EXPECT_EQ(reason(), Reason::pin_change_unknown);
  act("back_to_start");
  change();
  answer(due(), "/etc/koshin/pin");
  EXPECT_EQ(screen(), Screen::pin_changed);
  EXPECT_EQ(wizard.model().pin_change.pin_file, "/etc/koshin/pin");
  act("leave_pin");
  change();
  wizard.on_event(Failure{Reason::token_removed, "before the call", {}});
  EXPECT_EQ(wizard.model().outcome, Outcome::token_removed);
}

TEST_F(WizardPin, OnAReaderIsTypedThere) {
  auto report = due();
  report.protected_path = true;
  open(report);
  act("to_pin_change");
  EXPECT_TRUE(act("set_pin_on_reader"));
  EXPECT_EQ(last().job.kind, JobKind::change_pin);
  EXPECT_TRUE(last().job.protected_path);
  EXPECT_TRUE(last().secrets.empty());
}

TEST_F(WizardPin, FromATokenWithNothingDueLeavesNothingToDo) {
  open(token(today + days{300}));
  EXPECT_EQ(screen(), Screen::current);
  act("to_pin_change");
  EXPECT_EQ(wizard.model().what_remains(), Remaining::nothing);
  pin("1234");
  new_pin("8642");
  answer(token(today + days{300}));
  act("close");
  EXPECT_EQ(wizard.model().remaining, Remaining::nothing);
}

}  // namespace
}  // namespace koshin::ui
