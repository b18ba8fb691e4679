// SPDX-License-Identifier: MIT
// Several certificates of one token: one PIN, one after the other, and what is said of each.
#include <algorithm>

#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

using messages::Purpose;
using testing::ElementsAre;
using State = SittingRow::State;

class Sitting : public WizardTest {
 protected:
  Sitting() { settings.expect.purposes = {"login", "signature", "encryption"}; }

  static messages::CertificateReport of(Purpose purpose, char digit, TimePoint not_after) {
    auto report = certificate(not_after);
    report.purpose = purpose;
    report.sha256 = std::string(64, digit);
    report.holder = report.subject = "CN=" + report.common_name;
    return report;
  }
  static messages::TokenReport three() {
    auto report = token(today + days{12});
    report.certificates = {of(Purpose::log_in, 'a', today + days{12}),
                           of(Purpose::signature, 'c', today + days{12}),
                           of(Purpose::encryption, 'e', today + days{12})};
    return report;
  }
  /// The end of the renewal of the certificate that begins with this digit.
  static messages::RenewResult renewed(char digit) {
    auto report = three();
    auto old =
        *std::ranges::find(report.certificates, std::string(64, digit), &messages::CertificateReport::sha256);
    auto next = old;
    next.sha256 = std::string(64, static_cast<char>(digit + 1));
    next.not_after = today + days{365};
    for (auto& one : report.certificates)
      if (one.sha256 == old.sha256) one.replaced_by = next.sha256;
    report.certificates.push_back(next);
    return {false, report, old, next};
  }
  void begin() {
    open(three());
    pin("1234");
    wizard.on_event(messages::ReadyEvent{});
    act("next");
    execute();
  }
  std::vector<State> states() const {
    std::vector<State> all;
    for (const auto& row : wizard.model().sitting) all.push_back(row.state);
    return all;
  }
  std::string named() const { return host.jobs.back().job.certificate_sha256.substr(0, 1); }
};

TEST_F(Sitting, TheScreensBeforeListAllThatAreDue) {
  open(three());
  EXPECT_EQ(screen(), Screen::unlock);
  ASSERT_EQ(wizard.model().sitting.size(), 3U);
  EXPECT_TRUE(std::ranges::any_of(wizard.model().content,
                                  [](const Block& block) { return std::holds_alternative<Note>(block); }));
}

TEST_F(Sitting, WhereThePinIsTypedOnTheReaderItIsSaidHowOften) {
  auto report = three();
  report.protected_path = true;
  open(report);
  const auto& content = wizard.model().content;
  std::string times;
  for (const Block& block : content) {
    const auto* note = std::get_if<Note>(&block);
    const auto* said = note == nullptr ? nullptr : std::get_if<Words>(&note->lines.front().text);
    if (said != nullptr && said->key == "pin.on_reader_each")
      times = std::get<std::string>(said->values.at(0).value);
  }
  EXPECT_EQ(times, "3");
}

TEST_F(Sitting, OnePinRenewsOneAfterTheOther) {
  begin();
  EXPECT_TRUE(host.went);
  EXPECT_EQ(named(), "a");
  wizard.on_event(renewed('a'));
  EXPECT_EQ(screen(), Screen::renewing);
  EXPECT_EQ(named(), "c");
  EXPECT_THAT(host.jobs.back().secrets, ElementsAre("1234"));
  EXPECT_FALSE(host.jobs.back().job.await_go);
  EXPECT_THAT(states(), ElementsAre(State::renewed, State::running, State::waiting));
  wizard.on_event(renewed('c'));
  EXPECT_EQ(named(), "e");
  wizard.on_event(renewed('e'));
  EXPECT_EQ(screen(), Screen::completed);
  EXPECT_THAT(states(), ElementsAre(State::renewed, State::renewed, State::renewed));
  EXPECT_EQ(wizard.model().new_certificate.value().purpose, Purpose::log_in);
  EXPECT_FALSE(wizard.model().has_pin) << "it is wiped after the last one";
}

/// A certificate whose place is taken is said to be so, whatever becomes of the others.
TEST_F(Sitting, WhatStandsOfACertificateIsSaidWithItsResult) {
  begin();
  wizard.on_event(messages::NoticeEvent{"old_certificate_kept_in_journal", "raw"});
  wizard.on_event(Failure{Reason::proof_failed, "403", {}});
  wizard.on_event(renewed('c'));
  wizard.on_event(renewed('e'));
  ASSERT_EQ(screen(), Screen::completed);
  EXPECT_EQ(wizard.model().sitting[0].old, renewal::OldCertificate::kept_in_journal);
  EXPECT_EQ(wizard.model().sitting[1].old, renewal::OldCertificate::untouched);
  std::vector<std::string> said;
  for (const Block& block : wizard.model().content)
    if (const auto* note = std::get_if<Note>(&block))
      for (const auto& line : note->lines)
        if (const auto* words = std::get_if<Words>(&line.text)) said.push_back(words->key);
  const auto failed = std::ranges::find(said, "sitting.row_failed");
  ASSERT_NE(failed, said.end());
  EXPECT_EQ(*std::next(failed), "old.kept_in_journal");
  EXPECT_EQ(std::ranges::count(said, "old.kept_in_journal"), 1);
}

TEST_F(Sitting, OneThatTheAuthorityRefusesDoesNotKeepTheOthers) {
  begin();
  wizard.on_event(Failure{Reason::authority_refused, "no", {}});
  EXPECT_EQ(named(), "c");
  wizard.on_event(renewed('c'));
  wizard.on_event(renewed('e'));
  EXPECT_EQ(screen(), Screen::completed);
  EXPECT_THAT(states(), ElementsAre(State::failed, State::renewed, State::renewed));
  EXPECT_EQ(reason(), Reason::authority_refused);
  EXPECT_TRUE(act("back_to_start"));
}

TEST_F(Sitting, AWrongPinIsTheEndOfIt) {
  begin();
  wizard.on_event(Failure{Reason::pin_incorrect, {}, {}});
  EXPECT_EQ(host.jobs.back().job.kind, messages::JobKind::inspect) << "no other renewal tries it";
  EXPECT_EQ(screen(), Screen::unlock);
}

TEST_F(Sitting, WhatConcernsTheTokenLeavesTheOthersUntried) {
  begin();
  wizard.on_event(renewed('a'));
  const auto count = host.jobs.size();
  wizard.on_event(Failure{Reason::token_error, {}, {}});
  EXPECT_EQ(host.jobs.size(), count);
  EXPECT_EQ(screen(), Screen::completed);
  EXPECT_THAT(states(), ElementsAre(State::renewed, State::failed, State::waiting));
}

TEST_F(Sitting, ATokenThatIsPulledIsTheEndOfIt) {
  begin();
  wizard.on_event(renewed('a'));
  wizard.on_token_removed();
  const auto count = host.jobs.size();
  wizard.on_event(Failure{Reason::token_removed, {}, {}});
  EXPECT_EQ(host.jobs.size(), count);
  EXPECT_EQ(screen(), Screen::finished);
  EXPECT_EQ(wizard.model().outcome, Outcome::token_removed);
}

TEST_F(Sitting, OneThatWaitsForApprovalIsSaidToWait) {
  begin();
  wizard.on_event(renewed('a'));
  wizard.on_event(messages::PendingResult{today + days{1}, {}});
  wizard.on_event(renewed('e'));
  EXPECT_EQ(screen(), Screen::completed);
  EXPECT_THAT(states(), ElementsAre(State::renewed, State::pending, State::renewed));
}

/// With none renewed, what became of each is said all the same, and what is left is not said to be done.
struct Ends {
  const char* name;
  std::vector<messages::Event> events;
  std::vector<State> states;
};

class NoneRenewed : public Sitting, public testing::WithParamInterface<Ends> {};

TEST_P(NoneRenewed, NoEndIsLost) {
  begin();
  for (const auto& event : GetParam().events) wizard.on_event(event);
  EXPECT_EQ(screen(), Screen::completed);
  EXPECT_EQ(states(), GetParam().states);
  EXPECT_FALSE(wizard.model().content.empty());
  EXPECT_EQ(reason(), Reason::authority_refused);
  EXPECT_EQ(wizard.model().what_remains(),
            GetParam().states.back() == State::pending || GetParam().states.front() == State::pending
                ? Remaining::rest
                : Remaining::renewal);
  EXPECT_TRUE(act("close"));
  EXPECT_EQ(wizard.model().outcome, Outcome::closed);
}

const Failure refused{Reason::authority_refused, "no", {}};
const messages::PendingResult waits{today + days{1}, "soon"};

INSTANTIATE_TEST_SUITE_P(
    Of, NoneRenewed,
    testing::Values(
        Ends{"FailedThenPending", {refused, refused, waits}, {State::failed, State::failed, State::pending}},
        Ends{"PendingThenFailed", {waits, refused, refused}, {State::pending, State::failed, State::failed}},
        Ends{"AllFailed", {refused, refused, refused}, {State::failed, State::failed, State::failed}}),
    [](const auto& ends) { return std::string(ends.param.name); });

TEST_F(Sitting, TheOnlyFailureHasAScreenOfItsOwn) {
  begin();
  wizard.on_event(Failure{Reason::token_error, {}, {}});
  EXPECT_EQ(screen(), Screen::interrupted);
  EXPECT_THAT(states(), ElementsAre(State::failed, State::waiting, State::waiting));
  EXPECT_EQ(wizard.model().what_remains(), Remaining::renewal);
}

TEST_F(Sitting, WhatIsLeftIsNotSaidToBeDone) {
  begin();
  wizard.on_event(renewed('a'));
  wizard.on_event(refused);
  wizard.on_event(renewed('e'));
  act("close");
  EXPECT_EQ(wizard.model().outcome, Outcome::closed);
  EXPECT_EQ(wizard.model().remaining, Remaining::rest);
}

TEST_F(Sitting, NorIsWhatWaitsForApproval) {
  begin();
  wizard.on_event(renewed('a'));
  wizard.on_event(waits);
  wizard.on_event(renewed('e'));
  wizard.end(Outcome::idle);
  EXPECT_EQ(wizard.model().outcome, Outcome::idle);
  EXPECT_EQ(wizard.model().remaining, Remaining::approval);
}

TEST_F(Sitting, WhereAllAreRenewedNothingIsLeft) {
  begin();
  for (const char digit : {'a', 'c', 'e'}) wizard.on_event(renewed(digit));
  act("close");
  EXPECT_EQ(wizard.model().outcome, Outcome::completed);
  EXPECT_EQ(wizard.model().remaining, Remaining::nothing);
}

TEST_F(Sitting, TheTokenPulledAfterTheFirstLeavesTheRest) {
  begin();
  wizard.on_event(renewed('a'));
  wizard.on_token_removed();
  wizard.on_event(Failure{Reason::token_removed, {}, {}});
  EXPECT_EQ(wizard.model().outcome, Outcome::token_removed);
  EXPECT_EQ(wizard.model().remaining, Remaining::rest);
}

TEST_F(Sitting, ThatADecryptionCouldNotBeTriedIsSaid) {
  begin();
  wizard.on_event(renewed('a'));
  wizard.on_event(renewed('c'));
  wizard.on_event(messages::NoticeEvent{"decryption_not_checked", "…"});
  wizard.on_event(renewed('e'));
  EXPECT_FALSE(wizard.model().sitting.front().decryption_unchecked);
  EXPECT_TRUE(wizard.model().sitting.back().decryption_unchecked);
}

TEST_F(Sitting, ANewCertificateThatIsDueAtOnceIsNotRenewedAgain) {
  open(token(today + days{12}));
  pin("1234");
  wizard.on_event(messages::ReadyEvent{});
  act("next");
  execute();
  const auto jobs = host.jobs.size();
  auto done = result();
  done.token.certificates.back().not_after = done.new_certificate.not_after = today + days{12};
  wizard.on_event(done);
  EXPECT_EQ(screen(), Screen::completed);
  EXPECT_EQ(host.jobs.size(), jobs);
  EXPECT_THAT(states(), ElementsAre(State::renewed));
}

TEST_F(Sitting, WithoutPurposesInTheSettingsThereIsOneCertificate) {
  settings.expect.purposes = {"login"};
  open(three());
  EXPECT_EQ(wizard.model().sitting.size(), 1U);
  EXPECT_FALSE(wizard.model().is_sitting());
}

}  // namespace
}  // namespace koshin::ui
