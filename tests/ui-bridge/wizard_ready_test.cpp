// SPDX-License-Identifier: MIT
// The worker that has checked everything and waits for the person's yes: what becomes of it.
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using messages::JobKind;

TEST_F(WizardTest, AReadyWorkerIsLetGoHoweverThePersonLeaves) {
  to_start();
  act("close");
  EXPECT_TRUE(host.let_gone);
  EXPECT_FALSE(host.went);
}

TEST_F(WizardTest, AReadyWorkerIsLetGoWhenTheTokenIsPulled) {
  to_notice();
  wizard.on_token_removed();
  EXPECT_TRUE(host.let_gone);
  EXPECT_EQ(wizard.model().outcome, Outcome::token_removed);
}

TEST_F(WizardTest, AReadyWorkerIsLetGoWhenNobodyIsThere) {
  to_notice();
  EXPECT_FALSE(wizard.job_running()) << "waiting for a person is idleness";
  wizard.end(Outcome::idle);
  EXPECT_TRUE(host.let_gone);
}

TEST_F(WizardTest, AnotherKeyTypeIsAnotherJob) {
  settings.renewal.key_choices = {"ec-p256", "rsa-3072"};
  to_start();
  wizard.act({"execute", "pkcs11:serial=1", "rsa-3072", {}, false});
  EXPECT_TRUE(host.let_gone);
  EXPECT_FALSE(host.went);
  EXPECT_EQ(host.jobs.back().job.kind, JobKind::renew);
  EXPECT_FALSE(host.jobs.back().job.await_go) << "the person has said yes already";
  EXPECT_EQ(host.jobs.back().job.key, "rsa-3072");
  EXPECT_EQ(host.jobs.back().secrets, std::vector<std::string>{"1234"});
}

TEST_F(WizardTest, AReadyWorkerThatDiedIsReplaced) {
  for (const messages::Event& last : {messages::Event(Failure{Reason::module_crashed, {}, {}}),
                                      messages::Event(messages::RenewResult{true, {}, {}, {}})}) {
    host = {};
    Wizard other(host, settings, {});
    other.open();
    other.on_event(messages::InspectResult{{token(today + days{12})}, {}});
    other.enter_pin(secret("1234"));
    other.on_event(messages::ReadyEvent{});
    other.on_event(last);
    EXPECT_EQ(other.model().screen, Screen::notice) << "nobody has asked for anything yet";
    other.act({"next", {}, {}, {}, false});
    other.act({"execute", "pkcs11:serial=1", {}, {}, false});
    EXPECT_FALSE(host.went);
    ASSERT_EQ(host.jobs.size(), 3U);
    EXPECT_FALSE(host.jobs.back().job.await_go);
  }
}

TEST_F(WizardTest, AReadyWorkerThatEndsAsItIsToldToGoOnIsReplaced) {
  to_start();
  execute();
  EXPECT_TRUE(host.went);
  wizard.on_event(messages::RenewResult{true, {}, {}, {}});
  EXPECT_EQ(screen(), Screen::renewing);
  EXPECT_EQ(host.jobs.size(), 3U);
  wizard.on_event(result());
  EXPECT_EQ(screen(), Screen::completed);
}

TEST_F(WizardTest, WhoHasLeftIsNotCalledBackByAReadyWorker) {
  for (const bool pulled : {false, true}) {
    host = {};
    Wizard other(host, settings, {});
    other.open();
    other.on_event(messages::InspectResult{{token(today + days{12})}, {}});
    other.enter_pin(secret("1234"));
    pulled ? other.on_token_removed() : static_cast<void>(other.act({"close", {}, {}, {}, false}));
    other.on_event(messages::ReadyEvent{});
    EXPECT_EQ(other.model().screen, Screen::finished);
    EXPECT_TRUE(host.let_gone);
    EXPECT_FALSE(host.went);
  }
}

TEST_F(WizardTest, ACancelledRenewalIsNotBegunAgain) {
  to_start();
  execute();
  EXPECT_TRUE(act("cancel"));
  wizard.on_event(messages::RenewResult{true, {}, {}, {}});
  EXPECT_EQ(screen(), Screen::interrupted);
  EXPECT_EQ(reason(), Reason::interrupted);
  EXPECT_EQ(host.jobs.size(), 2U);
}

TEST_F(WizardTest, WhatWasNoticedBeforeTheYesIsShownAfterIt) {
  open(token(today + days{12}));
  pin("1234");
  wizard.on_event(messages::NoticeEvent{"pin_count_low", {}});
  wizard.on_event(messages::ReadyEvent{});
  act("next");
  execute();
  ASSERT_EQ(wizard.model().notices.size(), 1U);
  EXPECT_EQ(wizard.model().notices.front().code, "pin_count_low");
}

TEST_F(WizardTest, TheReadyWorkerHasCheckedTheKeyTypeThatStartProposes) {
  settings.renewal.key_choices = {"rsa-3072", "ec-p256"};
  to_start();
  EXPECT_EQ(host.jobs.back().job.key, "rsa-3072");
  wizard.act({"execute", "pkcs11:serial=1", "rsa-3072", {}, false});
  EXPECT_TRUE(host.went);
}

TEST_F(WizardTest, AnAnswerThatIsPendingIsShownAtOnce) {
  open(token(today + days{12}));
  pin("1234");
  wizard.on_event(messages::PendingResult{today + days{1}, {}});
  EXPECT_EQ(screen(), Screen::pending);
  EXPECT_FALSE(wizard.model().has_pin);
}

TEST_F(WizardTest, ALaterThatCannotBeRememberedIsToldAndEndsNothing) {
  to_notice();
  host.snooze_fails = Failure{Reason::disk_full, "no room", {}};
  EXPECT_TRUE(act("next", {}, true));
  EXPECT_EQ(screen(), Screen::notice);
  EXPECT_EQ(reason(), Reason::disk_full);
  EXPECT_FALSE(host.ended);
  EXPECT_FALSE(host.let_gone) << "the renewal can go on";
  EXPECT_TRUE(act("next"));
  EXPECT_EQ(screen(), Screen::start);
  EXPECT_EQ(reason(), std::nullopt);
}

}  // namespace
}  // namespace koshin::ui
