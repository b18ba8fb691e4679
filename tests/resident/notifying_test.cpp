// SPDX-License-Identifier: MIT
// What the person hears: through koshin-ui, through a plain notification, through the log.
#include <fstream>

#include "agent_scene.hpp"

namespace koshin::test {
namespace {

class Notifying : public AgentScene {
 protected:
  std::filesystem::path heard() const { return directory.path() / "ui-heard"; }
  void set_listening_ui() {
    const std::string file = heard().string();
    programs.set_ui("trap '' TERM\necho \"started $*\" >> " + file +
                    "\nwhile read -r line; do echo \"heard $line\" >> " + file +
                    "; case $line in *token_removed*) exit 0;; esac; done\necho ended >> " + file);
  }
  void wait_for_file(const std::string& text) const {
    wait_until([this] { return "koshin-ui heard only:\n" + file_text(heard()); },
               [&] { return file_text(heard()).find(text) != std::string::npos; });
  }
};

TEST_F(Notifying, ADueCertificateIsNotifiedWithActions) {
  provide_certificate(12);
  Desktop desktop(directory.path());
  start();
  plug_card();
  const std::string call = desktop.expect("\"call\": \"notify\"");
  EXPECT_NE(call.find("Renewal is due"), std::string::npos) << call;
  EXPECT_NE(call.find("Bank token"), std::string::npos) << call;
  EXPECT_NE(call.find("\"snooze\", \"Remind me next time\""), std::string::npos) << call;
  agent->expect("KOSHIN_DECISION=\"due\"");
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(memory().last_decision, "due");
  // In March the month before, when the window opens, has no more than 28 days.
  const auto ends = memory().not_after.value();
  const auto window = subtract(ends, *CalendarDuration::parse("P1M"));
  EXPECT_EQ(memory().notified_threshold, window < ends - std::chrono::days{28} ? "P28D" : "P1M");
}

TEST_F(Notifying, WhatWasDecidedIsInKoshinStatus) {
  provide_certificate(12);
  start();
  plug_card();
  agent->expect("KOSHIN_DECISION=\"due\"");
  Lines status(ChildProcess::start(KOSHIN_PROGRAMS "/koshin", {"status", "--settings", settings.string()}));
  EXPECT_EQ(status.exit_code(), 0);
  EXPECT_NE(status.all().find("renewal is due"), std::string::npos) << status.all();
  Lines json(
      ChildProcess::start(KOSHIN_PROGRAMS "/koshin", {"status", "--json", "--settings", settings.string()}));
  EXPECT_EQ(json.exit_code(), 0);
  EXPECT_NE(json.all().find("\"last_decision\":\"due\""), std::string::npos) << json.all();
}

TEST_F(Notifying, RemindMeNextTimeIsQuietUntilTheNextInsertion) {
  provide_certificate(12);
  Desktop desktop(directory.path());
  start();
  plug_card();
  desktop.expect("\"call\": \"notify\"");
  desktop.choose(1, "snooze");
  agent->expect("The person wants to be reminded next time.");
  agent->expect("KOSHIN_DECISION=\"snoozed\"");
  card->pull();
  agent->expect("was removed.");
  card->plug();
  desktop.expect("\"call\": \"notify\"");
}

TEST_F(Notifying, ANotificationIsWithdrawnWhenTheTokenLeaves) {
  provide_certificate(12);
  Desktop desktop(directory.path());
  start();
  plug_card();
  desktop.expect("\"call\": \"notify\"");
  card->pull();
  desktop.expect("\"call\": \"close\"");
}

TEST_F(Notifying, AServerWithoutActionsGetsNone) {
  provide_certificate(12);
  Desktop desktop(directory.path(), false);
  start();
  plug_card();
  const std::string call = desktop.expect("\"call\": \"notify\"");
  EXPECT_NE(call.find("\"actions\": []"), std::string::npos) << call;
}

TEST_F(Notifying, MarkupInATokensLabelIsText) {
  hsm->init_token("<b>Bad</b> & token");
  provision(*hsm, "<b>Bad</b> & token", *bank, pkcs11::KeyAlgorithm::ec_p256, 2);
  Desktop desktop(directory.path());
  start();
  plug_card();
  const std::string call = desktop.expect("Bad");
  EXPECT_NE(call.find("&lt;b&gt;Bad&lt;/b&gt; &amp; token"), std::string::npos) << call;
  EXPECT_NE(call.find("\"urgency\": 2"), std::string::npos) << call;
}

TEST_F(Notifying, ASessionWithoutADesktopFindsItInTheLog) {
  provide_certificate(12);
  start();
  plug_card();
  EXPECT_NE(agent->expect("Nobody shows notifications in this session").find("koshin renew"),
            std::string::npos);
}

TEST_F(Notifying, ABusWithoutANotificationServerIsNoObstacle) {
  provide_certificate(12);
  Desktop desktop(directory.path());
  desktop.stop_server();
  start();
  plug_card();
  agent->expect("Nobody shows notifications in this session");
  EXPECT_EQ(stop(), 0);
}

TEST_F(Notifying, ANotificationServerThatDiesLeavesTheAgentAtWork) {
  provide_certificate(12);
  Desktop desktop(directory.path());
  start();
  plug_card();
  desktop.expect("\"call\": \"notify\"");
  desktop.stop_server();
  card->pull();
  agent->expect("was removed.");
  card->plug();
  agent->expect("Nobody shows notifications in this session");
}

TEST_F(Notifying, JapaneseSessionsAreToldInJapanese) {
  setenv("LC_ALL", "ja_JP.UTF-8", 1);
  provide_certificate(12);
  Desktop desktop(directory.path());
  start();
  unsetenv("LC_ALL");
  plug_card();
  EXPECT_NE(desktop.expect("\"call\": \"notify\"").find("電子証明書の更新時期です"), std::string::npos);
}

TEST_F(Notifying, KoshinUiIsStartedAndHearsOfTheTokensRemoval) {
  provide_certificate(12);
  set_listening_ui();
  start();
  plug_card();
  wait_for_file("started --token pkcs11:");
  wait_for_file("--reason due --certificate ");
  card->pull();
  wait_for_file("heard {\"schema\":1,\"type\":\"token_removed\"}");
}

TEST_F(Notifying, ManyDueTokensStartOnePageAndTheOthersAreListed) {
  provide_certificate(12);
  for (int i = 2; i <= 13; ++i) {
    const std::string label = "Token " + std::to_string(i);
    hsm->init_token(label, token_pin);
    provision(*hsm, label, *bank, pkcs11::KeyAlgorithm::ec_p256, 12);
  }
  use_settings("token.rescan_interval = 3600\n");
  Desktop desktop(directory.path());
  set_listening_ui();
  start();
  wait_for_file("started --token pkcs11:");
  const std::string call = desktop.expect("12 more tokens are due");
  EXPECT_NE(call.find("and 2 more"), std::string::npos) << call;
  const std::string told = file_text(heard());
  EXPECT_EQ(told.find("started", told.find("started") + 1), std::string::npos) << "two at a time:\n" << told;
}

TEST_F(Notifying, ATokenPutInAgainWhileKoshinUiStillClosesIsToldOfByANewOne) {
  provide_certificate(12);
  const std::string file = heard().string(), let_go = (directory.path() / "let-go").string();
  programs.set_ui("trap '' TERM\necho started >> " + file + "\nwhile read -r line; do echo heard >> " + file +
                  "; while [ ! -e " + let_go + " ]; do sleep 0.1; done; exit 0; done");
  start();
  plug_card();
  wait_for_file("started");
  agent->expect("KOSHIN_DECISION=\"due\"");
  card->pull();
  agent->expect("was removed.");
  wait_for_file("heard");
  card->plug();
  agent->expect("A card is in");
  agent->expect("KOSHIN_DECISION=\"due\"");
  EXPECT_EQ(file_text(heard()), "started\nheard\n") << "two at a time";
  std::ofstream{let_go};
  wait_for_file("started\nheard\nstarted\n");
}

TEST_F(Notifying, AKoshinUiThatNobodyHasAnsweredIsToldWhenItIsTimeAgain) {
  provide_certificate(12);
  use_settings("reminders.thresholds = [\"P1D\"]\n");
  set_listening_ui();
  start();
  plug_card();
  wait_for_file("started --token pkcs11:");
  agent->expect("KOSHIN_DECISION=\"due\"");
  use_settings("reminders.thresholds = [\"P20D\", \"P1D\"]\n");  // the first is there already
  hang_up();
  wait_for_file("heard {\"schema\":1,\"type\":\"told_again\",\"reason\":\"due\",\"certificate\":\"" +
                memory().certificate_sha256 + "\"}");
  EXPECT_EQ(file_text(heard()).find("started"), file_text(heard()).rfind("started")) << "one at a time";
}

TEST_F(Notifying, AMessageIsTakenBackWhenThereIsNothingToTellAnyMore) {
  provide_certificate(12);
  set_listening_ui();
  start();
  plug_card();
  wait_for_file("started --token pkcs11:");
  agent->expect("KOSHIN_DECISION=\"due\"");
  use_settings("renewal.window = \"P5D\"\n");
  hang_up();
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  wait_for_file("heard {\"schema\":1,\"type\":\"settled\"}");
}

TEST_F(Notifying, APlainNotificationIsTakenBackWhenThereIsNothingToTellAnyMore) {
  provide_certificate(12);
  Desktop desktop(directory.path());
  start();
  plug_card();
  desktop.expect("\"call\": \"notify\"");
  agent->expect("KOSHIN_DECISION=\"due\"");
  use_settings("renewal.window = \"P5D\"\n");
  hang_up();
  desktop.expect("\"call\": \"close\"");
}

TEST_F(Notifying, KoshinUiEndsWithTheAgent) {
  provide_certificate(12);
  set_listening_ui();
  start();
  plug_card();
  wait_for_file("started");
  EXPECT_EQ(stop(), 0);
  EXPECT_NE(file_text(heard()).find("ended"), std::string::npos) << "its input was not closed";
}

TEST_F(Notifying, AKoshinUiThatFailsIsReplacedByANotification) {
  provide_certificate(12);
  programs.set_ui("exit 3");
  Desktop desktop(directory.path());
  start();
  plug_card();
  const std::string call = desktop.expect("\"call\": \"notify\"");
  EXPECT_NE(call.find("\"renew\", \"Renew now\""), std::string::npos) << call;
  set_listening_ui();
  desktop.choose(1, "renew");
  wait_for_file("started --token pkcs11:");
}

}  // namespace
}  // namespace koshin::test
