// SPDX-License-Identifier: MIT
// What the screens and the desktop message of a renewal that is not complete say of the certificate in use.
#include <gmock/gmock.h>

#include "ui-bridge/desk/desk_messages.hpp"
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using renewal::OldCertificate;
using renewal::State;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class OldCertificateOnScreens : public WizardTest {
 protected:
  /// On a card where the new certificate overwrites the old one.
  void keep_key() {
    settings.token.profile = TokenProfileName::piv;
    settings.renewal.key = "renew";
    settings.token.factory_management_key = true;
  }
  static renewal::Record record_in(State state) {
    renewal::Record record;
    record.state = state;
    record.same_key = true;
    record.number = 7;
    record.key_id = {1};
    record.old_sha256 = certificate(today).sha256;
    record.replaced_certificate = {0x30};
    if (state >= State::issued) record.certificate = {0x31};
    return record;
  }
  messages::TokenReport card() {
    auto report = token(today + days{12});
    report.management_key = messages::ManagementKey::behind_pin;
    report.pin_min = 6;
    report.pin_max = 8;
    report.certificates.front().key_id = "01";
    return report;
  }
  /// A renewal has begun, and ends so.
  void renew_and_fail(const std::vector<messages::Event>& events) {
    open(card());
    pin("123456");
    wizard.on_event(messages::ReadyEvent{});
    if (screen() == Screen::notice) act("next");
    ASSERT_EQ(screen(), Screen::start);
    execute();
    wizard.on_event(messages::StepEvent{messages::Step::write, false, false, {}});
    for (const auto& event : events) wizard.on_event(event);
  }
  /// Of all texts and notes of the screen.
  std::vector<std::string> keys() const {
    std::vector<std::string> all;
    for (const Block& block : wizard.model().content) {
      if (const auto* lead = std::get_if<Lead>(&block)) all.push_back(lead->words.key);
      if (const auto* text = std::get_if<Paragraph>(&block)) all.push_back(text->words.key);
      if (const auto* note = std::get_if<Note>(&block))
        for (const auto& line : note->lines)
          if (const auto* words = std::get_if<Words>(&line.text)) all.push_back(words->key);
    }
    return all;
  }
  std::string message() {
    const auto told = result_message(wizard.model(), settings, Language::en);
    return told ? told->body : std::string();
  }
  static messages::NoticeEvent told(OldCertificate stands) { return {renewal::notice_code(stands), "raw"}; }
  const Failure broken{Reason::token_error, "cut", {}};
};

class OldAsRead : public OldCertificateOnScreens, public testing::WithParamInterface<OldCertificate> {};

TEST_P(OldAsRead, IsSaid) {
  keep_key();
  host.record = record_in(State::issued);
  renew_and_fail({told(GetParam()), broken});
  ASSERT_EQ(screen(), Screen::interrupted);
  const std::string key = "old." + std::string(to_string(GetParam()));
  EXPECT_THAT(keys(), Contains(key));
  EXPECT_THAT(keys(), Contains("interrupted.nothing_lost"));
  EXPECT_THAT(message(), StartsWith(std::string(sentence_of(GetParam()).in(Language::en)) + "\n"));
  act("offer_giving_up");
  ASSERT_EQ(screen(), Screen::give_up);
  EXPECT_THAT(keys(), Contains(key));
  EXPECT_THAT(keys(), Not(Contains("give_up.key_stays"))) << "no key was made";
}

INSTANTIATE_TEST_SUITE_P(Each, OldAsRead,
                         testing::Values(OldCertificate::seen_on_token, OldCertificate::kept_in_journal,
                                         OldCertificate::replaced, OldCertificate::not_seen),
                         [](const auto& about) { return std::string(to_string(about.param)); });

/// The worker was killed: the journal has the intent, and no more is known.
TEST_F(OldCertificateOnScreens, WhereNobodyHasReadTheJournalAnswers) {
  keep_key();
  host.record = record_in(State::issued);
  renew_and_fail({Failure{Reason::worker_failed, "killed", {}}});
  EXPECT_THAT(keys(), Contains("old.kept_in_journal"));
  EXPECT_THAT(message(), HasSubstr("was not read"));
}

/// The page has looked at the token, and nothing was done there since.
TEST_F(OldCertificateOnScreens, WhatThePageItselfHasReadIsSaid) {
  keep_key();
  host.record = record_in(State::issued);
  open(card());
  act("close");
  ASSERT_EQ(screen(), Screen::finished);
  EXPECT_THAT(keys(), Contains("old.seen_on_token"));
}

TEST_F(OldCertificateOnScreens, GivingUpDoesNotMakeTheOldOneUntouched) {
  keep_key();
  host.record = record_in(State::written);
  renew_and_fail({told(OldCertificate::replaced), broken});
  act("offer_giving_up");
  act("give_up");
  host.record.reset();
  wizard.on_event(messages::CancelResult{});
  ASSERT_EQ(screen(), Screen::finished);
  EXPECT_THAT(keys(), Contains("old.replaced"));
}

/// The worker has read the token, and the old one was not there: the copy goes with the record.
TEST_F(OldCertificateOnScreens, GivingUpEndsThePromiseToWriteItBack) {
  keep_key();
  host.record = record_in(State::issued);
  renew_and_fail({Failure{Reason::worker_failed, "killed", {}}});
  act("offer_giving_up");
  EXPECT_THAT(keys(), Contains("old.kept_in_journal")) << "until then";
  act("give_up");
  host.record.reset();
  wizard.on_event(messages::CancelResult{});
  ASSERT_EQ(screen(), Screen::finished);
  EXPECT_THAT(keys(), Contains("old.not_seen"));
  EXPECT_THAT(keys(), Not(Contains("old.kept_in_journal")));
}

/// The record was saved as completed, and the worker hangs before it says so.
TEST_F(OldCertificateOnScreens, ARenewalThatHasEndedWithoutAWordIsFoundInTheJournal) {
  keep_key();
  host.record = record_in(State::issued);
  host.known = {*host.record};
  renew_and_fail({});
  host.record.reset();
  host.known = {record_in(State::completed)};
  wizard.on_event(Failure{Reason::module_hung, "no answer", {}});
  ASSERT_EQ(screen(), Screen::interrupted);
  EXPECT_THAT(keys(), Contains("old.replaced"));
  EXPECT_THAT(message(), Not(HasSubstr("not touched")));
  act("close");
  EXPECT_THAT(keys(), Contains("old.replaced"));
}

/// An earlier renewal of the same certificate, which the journal has as completed.
TEST_F(OldCertificateOnScreens, WhatHadEndedBeforeThePageIsNotTakenForItsOwn) {
  keep_key();
  host.known = {record_in(State::completed)};
  renew_and_fail({broken});
  EXPECT_THAT(keys(), Contains("old.untouched"));
}

TEST_F(OldCertificateOnScreens, AnotherJobDoesNotMakeThePageForgetWhatWasRead) {
  keep_key();
  host.record = record_in(State::issued);
  host.known.emplace();
  renew_and_fail({told(OldCertificate::not_seen), broken});
  host.record.reset();  // given up by the worker
  act("check_computer");
  wizard.on_event(messages::DoctorResult{});
  ASSERT_EQ(screen(), Screen::computer);
  act("close");
  ASSERT_EQ(screen(), Screen::finished);
  EXPECT_THAT(keys(), Contains("old.not_seen"));
}

/// The token's latest unfinished renewal is of another certificate.
TEST_F(OldCertificateOnScreens, WhatStandsOfAnotherCertificateIsNotSaidOfThisOne) {
  keep_key();
  renew_and_fail({});
  host.record = record_in(State::issued);
  host.record->old_sha256 = std::string(64, 'c');
  host.known = {*host.record};
  wizard.on_event(broken);
  EXPECT_THAT(keys(), Contains("old.untouched"));
  act("offer_giving_up");
  EXPECT_THAT(keys(), Contains("old.kept_in_journal")) << "what is given up is the other one's";
}

TEST_F(OldCertificateOnScreens, TheOlderOfTwoUnfinishedRenewalsIsFound) {
  keep_key();
  renew_and_fail({});
  host.record = record_in(State::planned);
  host.record->old_sha256 = std::string(64, 'c');
  host.known = {*host.record, record_in(State::issued)};
  wizard.on_event(broken);
  EXPECT_THAT(keys(), Contains("old.kept_in_journal"));
}

/// The second leg goes on with what the first has fetched, which this page has never read.
TEST_F(OldCertificateOnScreens, TheSecondLegOfThisRenewalIsItsOwn) {
  settings.token.profile = TokenProfileName::piv;
  settings.token.factory_management_key = true;
  renew_and_fail({});
  renewal::Record first = record_in(State::completed), second = record_in(State::planned);
  first.same_key = second.same_key = false;
  first.key_id = {5};
  second.old_sha256 = std::string(64, 'b');
  host.known = {second, first};
  host.record = second;
  wizard.on_event(broken);
  EXPECT_THAT(keys(), Contains("old.renewed_beside"));
}

TEST_F(OldCertificateOnScreens, ADueCertificateInASpareSlotIsNotTheRenewedOne) {
  settings.token.profile = TokenProfileName::piv;
  settings.token.factory_management_key = true;
  host.record = record_in(State::pending);
  host.record->same_key = false;
  open(card());
  act("close");
  EXPECT_THAT(keys(), Contains("old.untouched"));
}

TEST_F(OldCertificateOnScreens, ANewLookAtTheTokenCounts) {
  keep_key();
  host.record = record_in(State::issued);
  host.known = {*host.record};
  renew_and_fail({told(OldCertificate::kept_in_journal), broken});
  act("back_to_start");
  wizard.on_event(messages::InspectResult{{card()}, {}});
  act("close");
  ASSERT_EQ(screen(), Screen::finished);
  EXPECT_THAT(keys(), Contains("old.seen_on_token"));
}

TEST_F(OldCertificateOnScreens, ALookThatFindsNothingForgetsNothing) {
  keep_key();
  host.record = record_in(State::issued);
  renew_and_fail({told(OldCertificate::kept_in_journal), broken});
  act("back_to_start");
  wizard.on_event(messages::InspectResult{});
  ASSERT_EQ(screen(), Screen::interrupted);
  EXPECT_THAT(keys(), Contains("old.kept_in_journal"));
}

/// An earlier run has left it open where the old one is, and this one has not begun.
TEST_F(OldCertificateOnScreens, NothingWasChangedIsNotSaidBesideADoubt) {
  keep_key();
  host.record = record_in(State::issued);
  host.record->replaced_certificate.clear();
  auto report = card();
  report.certificates.front().recalled = true;
  open(report);
  pin("123456");
  wizard.on_event(Failure{Reason::authority_unreachable, "no route", {}});
  ASSERT_EQ(screen(), Screen::interrupted);
  EXPECT_THAT(keys(), Contains("old.not_seen"));
  EXPECT_THAT(keys(), Not(Contains("interrupted.nothing_begun")));
}

/// The journal cannot be read, but the page has just read the token.
TEST_F(OldCertificateOnScreens, WhatThePageHasReadNeedsNoJournal) {
  keep_key();
  host.known.reset();
  open(card());
  pin("123456");
  wizard.on_event(Failure{Reason::authority_unreachable, "no route", {}});
  ASSERT_EQ(screen(), Screen::interrupted);
  EXPECT_THAT(keys(), Contains("old.seen_on_token"));
  EXPECT_THAT(keys(), Contains("interrupted.nothing_begun"));
}

TEST_F(OldCertificateOnScreens, AnUnreadableJournalIsNoReasonToClaimAnything) {
  keep_key();
  host.known.reset();
  renew_and_fail({broken});
  EXPECT_THAT(keys(), Contains("old.not_seen"));
}

TEST_F(OldCertificateOnScreens, WhereTheNewOneLiesBesideItItWasNotTouched) {
  to_start();
  execute();
  wizard.on_event(messages::StepEvent{messages::Step::write, false, false, {}});
  host.record = renewal::Record{};
  wizard.on_event(broken);
  EXPECT_THAT(keys(), Contains("old.untouched"));
  EXPECT_THAT(message(), HasSubstr("was not touched"));
  act("offer_giving_up");
  EXPECT_THAT(keys(), Contains("give_up.key_stays"));
}

TEST_F(OldCertificateOnScreens, TheLastPageSaysItToo) {
  keep_key();
  host.record = record_in(State::issued);
  renew_and_fail({told(OldCertificate::kept_in_journal), broken});
  act("close");
  ASSERT_EQ(screen(), Screen::finished);
  EXPECT_THAT(keys(), Contains("old.kept_in_journal"));
  EXPECT_THAT(keys(), Contains("finished.remaining_renewal"));
}

TEST_F(OldCertificateOnScreens, TheStartSaysWhatBecomesOfThePresentOne) {
  to_start();
  EXPECT_THAT(keys(), Contains("start.text"));
}

TEST_F(OldCertificateOnScreens, TheStartSaysThatTheNewOneMayTakeItsPlace) {
  keep_key();
  open(card());
  pin("123456");
  wizard.on_event(messages::ReadyEvent{});
  if (screen() == Screen::notice) act("next");
  EXPECT_THAT(keys(), Contains("start.text_in_place"));
  EXPECT_THAT(keys(), Not(Contains("start.text")));
}

TEST_F(OldCertificateOnScreens, TheStartSaysThatTheKeyStaysWhereTheOldOneDoes) {
  settings.renewal.key = "renew";
  to_start();
  EXPECT_THAT(keys(), Contains("start.text_same_key"));
}

}  // namespace
}  // namespace koshin::ui
