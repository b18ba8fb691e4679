// SPDX-License-Identifier: MIT
// What stands on the screens: which button is the main one, and that each of them does something there.
#include "ui-bridge/wizard/screen_content.hpp"

#include <memory>

#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

template <typename Wanted>
const Wanted* find(const ScreenContent& content) {
  for (const Block& block : content)
    if (const auto* found = std::get_if<Wanted>(&block)) return found;
  return nullptr;
}

/// All that can be pressed, those of forms among them.
std::vector<Button> buttons_on(const ScreenContent& content) {
  std::vector<Button> all;
  for (const Block& block : content) {
    if (const auto* row = std::get_if<Buttons>(&block))
      all.insert(all.end(), row->row.begin(), row->row.end());
    if (const auto* form = std::get_if<PinForm>(&block)) all.insert(all.end(), {form->left, form->submit});
    if (const auto* form = std::get_if<CodeForm>(&block)) all.insert(all.end(), {form->left, form->submit});
    if (const auto* form = std::get_if<ProxyForm>(&block)) all.insert(all.end(), {form->left, form->submit});
  }
  return all;
}

std::vector<std::string> actions_of(Button::Kind kind, const ScreenContent& content) {
  std::vector<std::string> actions;
  for (const Button& button : buttons_on(content))
    if (button.kind == kind) actions.push_back(button.action);
  return actions;
}

using Actions = std::vector<std::string>;

class ScreenContentTest : public WizardTest {
 protected:
  const ScreenContent& content() const { return wizard.model().content; }
  std::string title() const {
    const Title* const found = find<Title>(content());
    return found == nullptr ? std::string() : found->words.key;
  }
  std::string lead() const {
    const Lead* const found = find<Lead>(content());
    return found == nullptr ? std::string() : found->words.key;
  }
  Actions main() const { return actions_of(Button::Kind::primary, content()); }
  void renew() {
    to_start();
    execute();
    wizard.on_event(result());
  }
};

TEST_F(ScreenContentTest, UnlockNamesTheTokenAndAsksForThePin) {
  open(token(today + days{12}));
  EXPECT_EQ(title(), "unlock.title");
  EXPECT_EQ(lead(), "unlock.text");
  const Facts* const facts = find<Facts>(content());
  ASSERT_NE(facts, nullptr);
  EXPECT_EQ(std::get<std::string>(facts->rows.at(0).value), "Token");
  EXPECT_EQ(facts->rows.at(0).look, Fact::Look::strong);
  const PinForm* const form = find<PinForm>(content());
  ASSERT_NE(form, nullptr);
  EXPECT_EQ(form->submit.label.key, "unlock.do");
  EXPECT_EQ(form->submit.action, "") << "the PIN itself says it";
}

TEST_F(ScreenContentTest, WhereThePinIsTypedOnTheReaderTheButtonSaysNext) {
  auto report = token(today + days{12});
  report.protected_path = true;
  open(report);
  const PinForm* const form = find<PinForm>(content());
  ASSERT_NE(form, nullptr);
  EXPECT_EQ(form->submit.label.key, "next");
  EXPECT_EQ(form->submit.action, "unlock_on_reader");
  EXPECT_NE(find<Note>(content()), nullptr) << "when it will be asked for";
}

TEST_F(ScreenContentTest, TheNoticeCountsTheDays) {
  to_notice();
  const Expiry* const expiry = find<Expiry>(content());
  ASSERT_NE(expiry, nullptr);
  EXPECT_EQ(expiry->headline.key, "calendar.left.days");
  EXPECT_EQ(std::get<std::string>(expiry->headline.values.at(0).value), "12");
  EXPECT_FALSE(expiry->soon);
  EXPECT_EQ(main(), Actions{"next"});
  EXPECT_EQ(buttons_on(content()).back().sends, Actions{"checked"});
}

TEST_F(ScreenContentTest, TheLastDaysAreSoonAndOneDayHasAWordOfItsOwn) {
  open(token(today + days{1} + std::chrono::hours{1}));
  pin("1234");
  wizard.on_event(messages::ReadyEvent{});
  const Expiry* const expiry = find<Expiry>(content());
  ASSERT_NE(expiry, nullptr);
  EXPECT_EQ(expiry->headline.key, "calendar.left.day");
  EXPECT_TRUE(expiry->soon);
}

TEST_F(ScreenContentTest, KeyTypesAreAChoiceOnlyWhereThereAreTwo) {
  to_start();
  settings.renewal.key_choices = {"ec-p256"};
  EXPECT_EQ(find<KeyField>(content_of(wizard.model(), settings, today)), nullptr);
  settings.renewal.key_choices = {"ec-p256", "rsa-2048"};
  EXPECT_NE(find<KeyField>(content_of(wizard.model(), settings, today)), nullptr);
  EXPECT_EQ(buttons_on(content()).back().sends, (Actions{"token", "key"}));
}

TEST_F(ScreenContentTest, CancelIsThereAsLongAsItHelps) {
  to_start();
  execute();
  ASSERT_EQ(screen(), Screen::renewing);
  EXPECT_TRUE(buttons_on(content()).front().enabled);
  wizard.on_event(messages::StepEvent{messages::Step::generate_key_pair, false, false, {}});
  EXPECT_FALSE(buttons_on(content()).front().enabled);
}

TEST_F(ScreenContentTest, TheEndOffersToDeleteAndToClose) {
  renew();
  EXPECT_EQ(title(), "completed.title");
  EXPECT_EQ(main(), Actions{"close"});
  EXPECT_EQ(actions_of(Button::Kind::secondary, content()), Actions{"offer_deletion"});
  ASSERT_NE(find<Facts>(content()), nullptr);
  EXPECT_EQ(std::get<std::string>(find<Facts>(content())->rows.at(3).value), "0A");
}

TEST_F(ScreenContentTest, NobodyDeletesWithTheEnterKey) {
  renew();
  act("offer_deletion");
  ASSERT_EQ(screen(), Screen::delete_old);
  EXPECT_EQ(main(), Actions{});
  EXPECT_EQ(actions_of(Button::Kind::danger, content()), Actions{"confirm_deletion"});
  for (const Button& button : buttons_on(content())) EXPECT_EQ(button.focused, button.action == "keep_old");
}

TEST_F(ScreenContentTest, AFailureThatPassesHasAWayBackAndOneThatDoesNotHasNone) {
  to_start();
  execute();
  wizard.on_event(Failure{Reason::authority_unreachable, {}, {}});
  ASSERT_EQ(screen(), Screen::interrupted);
  EXPECT_EQ(main(), Actions{"back_to_start"});
  EXPECT_NE(find<FailureBox>(content()), nullptr);
  act("back_to_start");
  wizard.on_event(Failure{Reason::token_write_protected, {}, {}});
  EXPECT_EQ(main(), Actions{"close"});
  EXPECT_EQ(actions_of(Button::Kind::link, content()), Actions{"check_computer"})
      << "a code does not help a token";
}

TEST_F(ScreenContentTest, TheAuthorityIsAskedAgainWhenItsTimeHasCome) {
  to_start();
  execute();
  const TimePoint later = today + std::chrono::hours{2};
  wizard.on_event(messages::PendingResult{later, "please wait"});
  ASSERT_EQ(screen(), Screen::pending);
  const auto all = buttons_on(content());
  EXPECT_EQ(all.back().action, "ask_again");
  EXPECT_EQ(all.back().from, later);
  const Note* const note = find<Note>(content());
  ASSERT_NE(note, nullptr);
  EXPECT_EQ(std::get<std::string>(note->lines.at(1).text), "please wait");
}

TEST_F(ScreenContentTest, AnotherTokenIsTheMainThingThen) {
  auto second = token(today + days{3});
  second.uri = "pkcs11:serial=2";
  second.serial = "2";
  second.label = "Other";
  wizard.open();
  wizard.on_event(messages::InspectResult{{token(today + days{2}), second}, {}});
  pin("1234");
  wizard.on_event(messages::ReadyEvent{});
  act("next", {}, true);
  ASSERT_EQ(screen(), Screen::put_off);
  EXPECT_EQ(main(), Actions{"next_token"});
  const OtherTokens* const others = find<OtherTokens>(content());
  ASSERT_NE(others, nullptr);
  EXPECT_EQ(others->count, 1U);
  EXPECT_EQ(others->rows.at(0).label, "Other");
  EXPECT_EQ(others->rows.at(0).when.value().key, "calendar.left.days");
}

/// A wizard of its own, brought to a screen.
struct Stage {
  FakeHost host;
  Settings settings;
  Wizard wizard{host, settings, {}};
};

void look(Stage& stage, TimePoint expiry) {
  stage.wizard.open();
  stage.wizard.on_event(messages::InspectResult{{token(expiry)}, {}});
}

void start(Stage& stage) {
  look(stage, today + days{12});
  stage.wizard.enter_pin(SecureBuffer::copy_of(std::string_view("1234")));
  stage.wizard.on_event(messages::ReadyEvent{});
  stage.wizard.act({.name = "next", .token_uri = {}, .key = {}, .user = {}});
}

void execute(Stage& stage) {
  start(stage);
  stage.wizard.act({.name = "execute", .token_uri = "pkcs11:serial=1", .key = {}, .user = {}});
}

TEST(ScreenContent, EveryButtonDoesSomethingOnItsScreen) {
  using Way = void (*)(Stage&);
  const std::map<std::string, Way> ways{
      {"loading", [](Stage& stage) { stage.wizard.open(); }},
      {"unlock", [](Stage& stage) { look(stage, today + days{12}); }},
      {"start", start},
      {"renewing", execute},
      {"current", [](Stage& stage) { look(stage, today + days{200}); }},
      {"reissue", [](Stage& stage) { look(stage, today - days{2}); }},
      {"pending",
       [](Stage& stage) {
         stage.host.record = renewal::Record{};
         execute(stage);
         stage.wizard.on_event(messages::PendingResult{today - days{1}, {}});
       }},
      {"interrupted",
       [](Stage& stage) {
         stage.host.record = renewal::Record{};
         execute(stage);
         stage.wizard.on_event(Failure{Reason::answer_wrong_twice, {}, {}});
       }},
      {"give_up", [](Stage& stage) {
         stage.host.record = renewal::Record{};
         execute(stage);
         stage.wizard.on_event(Failure{Reason::authority_unreachable, {}, {}});
         stage.wizard.act({.name = "offer_giving_up", .token_uri = {}, .key = {}, .user = {}});
       }}};
  for (const auto& [name, way] : ways) {
    const auto rehearsal = std::make_unique<Stage>();
    way(*rehearsal);
    EXPECT_EQ(to_string(rehearsal->wizard.model().screen), name);
    const auto all = buttons_on(rehearsal->wizard.model().content);
    EXPECT_FALSE(all.empty()) << name;
    for (const Button& button : all) {
      if (button.action.empty()) continue;  // a secret says it
      const auto stage = std::make_unique<Stage>();
      way(*stage);
      EXPECT_TRUE(stage->wizard.act({.name = button.action, .token_uri = {}, .key = {}, .user = {}}))
          << name << ": " << button.action;
    }
  }
}

/// The values of a text by their places.
std::map<std::string, std::string> texts_in(const Words& words) {
  std::map<std::string, std::string> found;
  for (const auto& value : words.values)
    if (const auto* text = std::get_if<std::string>(&value.value)) found[value.place] = *text;
  return found;
}

TEST_F(ScreenContentTest, CompletedTellsTheTwoCertificatesApartAsABrowserLists) {
  to_start();
  execute();
  auto renewed = result();
  renewed.old_certificate.serial = "3F0A91C2D47B";
  renewed.token.certificates.front().serial = "3F0A91C2D47B";
  renewed.new_certificate.serial = "3F0A91C2D49E";
  wizard.on_event(renewed);
  ASSERT_EQ(screen(), Screen::completed);
  std::map<std::string, std::string> told;
  for (const Block& block : content())
    if (const auto* note = std::get_if<Note>(&block))
      for (const auto& line : note->lines)
        if (const auto* words = std::get_if<Words>(&line.text); words && words->key == "completed.which")
          told = texts_in(*words);
  EXPECT_EQ(told["new"], "3F0A91C2D49");  // eight digits would be the same
  EXPECT_EQ(told["old"], "3F0A91C2D47");
}

/// The keys of the notes' lines, and whether each is strong.
std::vector<std::pair<std::string, bool>> lines_of_notes(const ScreenContent& content) {
  std::vector<std::pair<std::string, bool>> lines;
  for (const Block& block : content)
    if (const auto* note = std::get_if<Note>(&block))
      for (const auto& line : note->lines)
        if (const auto* words = std::get_if<Words>(&line.text))
          lines.emplace_back(words->key, line.look == Note::Line::Look::strong);
  return lines;
}

TEST_F(ScreenContentTest, TheChoiceAndTheDeletionComeBeforeTheClosingOfWindows) {
  to_start();
  execute();
  wizard.on_event(result());
  ASSERT_EQ(screen(), Screen::completed);
  auto lines = lines_of_notes(content());
  ASSERT_GE(lines.size(), 2U);
  EXPECT_EQ(lines[0], std::pair(std::string("completed.which"), true));
  EXPECT_EQ(lines[1], std::pair(std::string("completed.restart_both"), false));
  EXPECT_EQ(std::ranges::count(lines, std::pair(std::string("completed.restart"), true)), 0);
}

TEST_F(ScreenContentTest, WithoutAnOldCertificateOnTheTokenClosingTheWindowsIsWhatHelps) {
  to_start();
  execute();
  auto renewed = result();
  renewed.token.certificates.erase(renewed.token.certificates.begin());
  wizard.on_event(renewed);
  ASSERT_EQ(screen(), Screen::completed);
  const auto lines = lines_of_notes(content());
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0], std::pair(std::string("completed.restart"), true));
  EXPECT_EQ(std::ranges::count(lines, std::pair(std::string("completed.which"), true)), 0);
}

TEST_F(ScreenContentTest, WithoutATokenNoReissueCodeIsOfferedButACheckOfTheComputer) {
  wizard.open();
  wizard.on_event(Failure{Reason::module_not_configured, {}, {}});
  ASSERT_EQ(screen(), Screen::interrupted);
  EXPECT_EQ(actions_of(Button::Kind::link, content()), Actions{"check_computer"});
}

TEST_F(ScreenContentTest, AnObstacleIsSaidAndNoTokenIsLookedAt) {
  Occasion occasion;
  occasion.obstacle = Failure{Reason::settings_invalid, "koshin.toml:1:1: x", {}};
  wizard.set_occasion(occasion);
  wizard.open();
  EXPECT_EQ(screen(), Screen::interrupted);
  EXPECT_EQ(reason(), Reason::settings_invalid);
  EXPECT_TRUE(host.jobs.empty());
}

TEST_F(ScreenContentTest, TheComputerIsCheckedWithoutAPin) {
  open(token(today + days{300}));
  ASSERT_EQ(screen(), Screen::current);
  ASSERT_TRUE(act("check_computer"));
  EXPECT_EQ(screen(), Screen::computer);
  EXPECT_EQ(host.jobs.back().job.kind, messages::JobKind::doctor);
  EXPECT_EQ(host.jobs.back().job.token_uri, "pkcs11:serial=1");
  EXPECT_TRUE(host.jobs.back().secrets.empty());
  EXPECT_NE(find<Spinner>(content()), nullptr);
  EXPECT_FALSE(act("back_to_start"));  // not while it is looked at
  messages::DoctorResult found;
  found.checks.emplace_back().status = "failed";
  wizard.on_event(found);
  EXPECT_EQ(lead(), "computer.failed");
  EXPECT_NE(find<CheckList>(content()), nullptr);
  EXPECT_EQ(main(), Actions{"back_to_start"});
  EXPECT_TRUE(act("back_to_start"));
  EXPECT_EQ(host.jobs.back().job.kind, messages::JobKind::inspect);
}

TEST_F(ScreenContentTest, ACheckOfTheComputerCanBeLeft) {
  open(token(today + days{300}));
  act("check_computer");
  EXPECT_TRUE(act("close"));
  EXPECT_TRUE(host.stopped);
  EXPECT_TRUE(host.ended);
}

}  // namespace
}  // namespace koshin::ui
