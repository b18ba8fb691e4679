// SPDX-License-Identifier: MIT
// What the last screen says of the browser and the two certificates.
#include <map>
#include <utility>
#include <vector>

#include "ui-bridge/wizard/screen_content.hpp"
#include "wizard_fixture.hpp"

namespace koshin::ui {
namespace {

class CompletedScreenTest : public WizardTest {};

/// The values of a text by their places.
std::map<std::string, std::string> texts_in(const Words& words) {
  std::map<std::string, std::string> found;
  for (const auto& value : words.values)
    if (const auto* text = std::get_if<std::string>(&value.value)) found[value.place] = *text;
  return found;
}

TEST_F(CompletedScreenTest, CompletedTellsTheTwoCertificatesApartAsABrowserLists) {
  to_start();
  execute();
  auto renewed = result();
  renewed.old_certificate.serial = "3F0A91C2D47B";
  renewed.token.certificates.front().serial = "3F0A91C2D47B";
  renewed.new_certificate.serial = "3F0A91C2D49E";
  wizard.on_event(renewed);
  ASSERT_EQ(screen(), Screen::completed);
  std::map<std::string, std::string> told;
  for (const Block& block : wizard.model().content)
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

TEST_F(CompletedScreenTest, TheChoiceAndTheDeletionComeBeforeTheClosingOfWindows) {
  to_start();
  execute();
  wizard.on_event(result());
  ASSERT_EQ(screen(), Screen::completed);
  auto lines = lines_of_notes(wizard.model().content);
  ASSERT_GE(lines.size(), 2U);
  EXPECT_EQ(lines[0], std::pair(std::string("completed.which"), true));
  EXPECT_EQ(lines[1], std::pair(std::string("completed.restart_both"), false));
  EXPECT_EQ(std::ranges::count(lines, std::pair(std::string("completed.restart"), true)), 0);
}

/// After two renewals of which no old certificate was deleted.
TEST_F(CompletedScreenTest, OfThreeCertificatesEachOldOneIsNamed) {
  const auto with_three = [&] {
    auto renewed = result();
    auto first = renewed.token.certificates.front();
    first.sha256 = std::string(64, '7');
    first.serial = "77777777AA";
    first.replaced_by = renewed.new_certificate.sha256;
    renewed.token.certificates.push_back(first);
    return renewed;
  };
  to_start();
  execute();
  wizard.on_event(with_three());
  ASSERT_EQ(screen(), Screen::completed);
  auto lines = lines_of_notes(wizard.model().content);
  ASSERT_GE(lines.size(), 4U);
  EXPECT_EQ(lines[0], std::pair(std::string("completed.which_of"), true));
  EXPECT_EQ(lines[1].first + lines[2].first, "completed.which_oldcompleted.which_old");
  EXPECT_EQ(lines[3].first, "completed.restart_both");
  act("offer_deletion");
  act("confirm_deletion");
  pin("1234");
  wizard.on_event(messages::PruneResult{});
  ASSERT_EQ(screen(), Screen::completed);
  lines = lines_of_notes(wizard.model().content);
  EXPECT_EQ(std::ranges::count(lines, std::pair(std::string("completed.which"), true)), 1)
      << "two are left, and the browser lists both";
}

TEST_F(CompletedScreenTest, TheChoiceIsToldWhoeverMayDeleteTheOldOne) {
  host.old_renewed = false;  // so the page does not offer its deletion
  to_start();
  execute();
  wizard.on_event(result());
  ASSERT_EQ(screen(), Screen::completed);
  EXPECT_FALSE(wizard.model().deletable);
  const auto lines = lines_of_notes(wizard.model().content);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0], std::pair(std::string("completed.which"), true));
}

TEST_F(CompletedScreenTest, AfterTheDeletionThereIsNothingToChoose) {
  to_start();
  execute();
  wizard.on_event(result());
  act("offer_deletion");
  act("confirm_deletion");
  pin("1234");
  wizard.on_event(messages::PruneResult{});
  ASSERT_EQ(screen(), Screen::completed);
  ASSERT_TRUE(wizard.model().deleted);
  const auto lines = lines_of_notes(wizard.model().content);
  EXPECT_EQ(std::ranges::count(lines, std::pair(std::string("completed.which"), true)), 0);
  EXPECT_EQ(std::ranges::count(lines, std::pair(std::string("completed.restart"), true)), 1);
}

TEST_F(CompletedScreenTest, WithoutAnOldCertificateOnTheTokenClosingTheWindowsIsWhatHelps) {
  to_start();
  execute();
  auto renewed = result();
  renewed.token.certificates.erase(renewed.token.certificates.begin());
  wizard.on_event(renewed);
  ASSERT_EQ(screen(), Screen::completed);
  const auto lines = lines_of_notes(wizard.model().content);
  ASSERT_FALSE(lines.empty());
  EXPECT_EQ(lines[0], std::pair(std::string("completed.restart"), true));
  EXPECT_EQ(std::ranges::count(lines, std::pair(std::string("completed.which"), true)), 0);
}

}  // namespace
}  // namespace koshin::ui
