// SPDX-License-Identifier: MIT
// The agent with settings that contain an error: it stays, tells the person once, and goes on once they are
// right.
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "agent_scene.hpp"
#include "foundation/system/file_lock.hpp"
#include "idle.hpp"

namespace koshin::test {
namespace {

constexpr char mistake[] = "authority.ulr = \"https://bank.test\"\n";
constexpr char other_mistake[] = "token.moduls = []\n";

class WrongSettings : public AgentScene {
 protected:
  void SetUp() override {
    AgentScene::SetUp();
    if (IsSkipped()) return;
    provide_certificate(200);
  }
  std::filesystem::path started() const { return directory.path() / "ui-started"; }
  /// A koshin-ui whose person closes the message at once.
  void set_closing_ui() { programs.set_ui("echo \"$*\" >> " + started().string()); }
  std::size_t times_started() const {
    const std::string text = file_text(started());
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  std::filesystem::path kept() const {
    return directory.path() / "state" / "koshin" / "told-settings-mistake";
  }
  /// Returns the call that has shown the message.
  static std::string expect_told(Desktop& desktop) {
    std::string call = desktop.expect("\"call\": \"notify\"");
    EXPECT_NE(call.find("Certificates cannot be renewed on this computer"), std::string::npos) << call;
    EXPECT_NE(call.find("unknown key"), std::string::npos) << call;
    return call;
  }
  void wait_until_told() const {
    wait_until("what was told is kept", [this] { return std::filesystem::exists(kept()); });
  }
  /// In again, and seen.
  void insert_again() {
    card->pull();
    agent->expect("was taken out.");
    card->plug();
    agent->expect("A card is in");
  }
};

TEST_F(WrongSettings, AreNoEndAndEachMistakeIsToldOnceAtAnInsertion) {
  set_closing_ui();
  use_settings(mistake);
  start();
  EXPECT_EQ(agent->count("unknown key"), 1U) << "the log says what is wrong:\n" << agent->all();
  EXPECT_FALSE(std::filesystem::exists(started())) << "before there is a token nobody is told";
  plug_card();
  wait_until_told();
  EXPECT_EQ(file_text(started()), "--reason settings_invalid --settings " + settings.string() + "\n");
  insert_again();
  insert_again();
  EXPECT_EQ(stop(), 0);
  start();  // the agent of the next log-in finds the card inserted
  agent->expect("A card is in");
  use_settings(other_mistake);
  agent->expect("The changed settings are wrong");
  insert_again();
  wait_until("the other mistake is told", [this] { return times_started() >= 2; });
  EXPECT_EQ(times_started(), 2U) << file_text(started());
  EXPECT_EQ(agent->count("KOSHIN_DECISION"), 0U);

  use_settings("");
  agent->expect("The settings are right again");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  EXPECT_FALSE(std::filesystem::exists(kept()));
  use_settings(other_mistake);
  insert_again();
  wait_until("made again, it is told again", [this] { return times_started() >= 3; });
  EXPECT_EQ(stop(), 0);
}

TEST_F(WrongSettings, ThatComeWhileItRunsAreToldAndTheTokenIsLookedAtOnceTheyAreRight) {
  set_closing_ui();
  start();
  plug_card();
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  use_settings(mistake);
  insert_again();
  wait_until_told();
  EXPECT_EQ(agent->count("KOSHIN_DECISION"), 1U);
  EXPECT_EQ(agent->count("unknown key"), 1U) << "said once:\n" << agent->all();
  use_settings("");
  agent->expect("The settings are right again");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
}

TEST_F(WrongSettings, UnsafePermissionsAreAMistakeTooAndMendedByPermissions) {
  set_closing_ui();
  std::filesystem::permissions(settings, std::filesystem::perms::others_write,
                               std::filesystem::perm_options::add);
  start();
  plug_card();
  wait_until_told();
  EXPECT_EQ(file_text(started()), "--reason settings_unsafe --settings " + settings.string() + "\n");
  std::filesystem::permissions(settings, std::filesystem::perms::others_write,
                               std::filesystem::perm_options::remove);
  agent->expect("The settings are right again");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
}

TEST_F(WrongSettings, AreWaitedForWithoutASmartCardServiceAndWithoutAWakeUp) {
  daemon->kill();
  use_settings(mistake);
  agent.emplace(start_agent(programs, {"--settings", settings.string()}));
  agent->expect("The settings are wrong");
  expect_idle(agent->child().pid());
  use_settings("");
  agent->expect("The settings are right again");
  expect_idle(agent->child().pid());
  daemon->start();
  agent->expect("Watching");
  plug_card();
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  EXPECT_EQ(stop(), 0);
}

TEST_F(WrongSettings, AreToldByAPlainNotificationWhereKoshinUiIsMissing) {
  Desktop desktop(directory.path());
  use_settings(mistake);
  start();
  plug_card();
  const std::string call = expect_told(desktop);
  EXPECT_NE(call.find("Ask your IT staff"), std::string::npos) << call;
  EXPECT_EQ(call.find("snooze"), std::string::npos) << call;
  wait_until_told();
  use_settings("");
  desktop.expect("\"call\": \"close\"");
  EXPECT_EQ(stop(), 0);
}

TEST_F(WrongSettings, ThatNobodyCouldBeToldOfAreToldAtTheNextInsertion) {
  use_settings(mistake);
  start();
  plug_card();
  agent->expect(
      "Nobody shows notifications in this session; the message was: Certificates cannot be renewed");
  EXPECT_FALSE(std::filesystem::exists(kept()));
  insert_again();
  agent->expect_in_any_order("Nobody shows notifications");
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(agent->count("Nobody shows notifications"), 2U) << agent->all();
}

TEST_F(WrongSettings, AreToldByTheRealKoshinUi) {
  Desktop desktop(directory.path());
  programs.set_real_ui();
  use_settings(mistake);
  start();
  plug_card();
  expect_told(desktop);
  EXPECT_FALSE(std::filesystem::exists(kept())) << "nobody has read it yet";
  const std::filesystem::path right_to_tell = kept().string() + ".lock";
  EXPECT_TRUE(FileLock::held_by(right_to_tell)) << "a reminder does not tell it too";
  use_settings("");  // a message that nobody has answered is withdrawn
  desktop.expect("\"call\": \"close\"");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  wait_until("nothing is told any more", [&] { return !FileLock::held_by(right_to_tell); });
  EXPECT_EQ(stop(), 0);
}

TEST_F(WrongSettings, ThatAnotherProcessIsTellingAreLeftToItAndToldOnceItHasEndedUnread) {
  set_closing_ui();
  use_settings(mistake);
  std::filesystem::create_directories(kept().parent_path());
  auto reminder = FileLock::try_acquire(kept().string() + ".lock");
  start();
  plug_card();
  agent->expect("A card is in");
  insert_again();
  EXPECT_FALSE(std::filesystem::exists(started()));
  reminder.reset();
  insert_again();
  wait_until_told();
  EXPECT_EQ(times_started(), 1U);
  EXPECT_EQ(stop(), 0);
}

/// A file system that is mounted after the log-in: mounted_later_test_linux.cpp.
TEST_F(WrongSettings, AreRightOnceThatIsThereWhichALinkLeadsTo) {
  use_settings("");
  const std::string text = file_text(settings);
  const TemporaryDirectory elsewhere;
  const auto target = elsewhere.path() / "mounted/later/koshin.toml";
  std::filesystem::remove(settings);
  std::filesystem::create_symlink(target, settings);
  start();
  EXPECT_EQ(agent->count("where nothing is"), 1U) << agent->all();
  std::this_thread::sleep_for(std::chrono::seconds{3});  // the first look after the start is over
  EXPECT_EQ(agent->count("right again"), 0U);
  std::filesystem::create_directories(target.parent_path());
  std::ofstream(target) << text;
  agent->expect("The settings are right again");
}

}  // namespace
}  // namespace koshin::test
