// SPDX-License-Identifier: MIT
// Modules that misbehave cost one job and are told of once; tokens that leave at the worst moment cost
// nothing.
#include "agent_scene.hpp"

namespace koshin::test {
namespace {

class Modules : public AgentScene {};

TEST_F(Modules, AModuleThatCrashesIsToldOfOnceAndLeftAloneForAWhile) {
  provide_certificate(12);
  use_misbehaving_module("crash");
  Desktop desktop(directory.path());
  start();
  plug_card();
  EXPECT_NE(agent->expect("could not be used").find("KOSHIN_REASON=\"module_crashed\""), std::string::npos);
  EXPECT_NE(desktop.expect("\"call\": \"notify\"").find("Trouble with the token software"),
            std::string::npos);
  card->pull();
  agent->expect("was taken out.");
  card->plug();
  agent->expect("A card is in");
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(agent->count("could not be used"), 1U) << agent->all();
}

TEST_F(Modules, AModuleThatHangsIsGivenUp) {
  provide_certificate(12);
  use_misbehaving_module("hang", "[renewal]\njob_deadline = 5\n");
  start();
  plug_card();
  EXPECT_NE(agent->expect("could not be used").find("KOSHIN_REASON=\"module_hung\""), std::string::npos);
}

TEST_F(Modules, AModuleThatPrintsIsUnderstoodAllTheSame) {
  provide_certificate(12);
  use_misbehaving_module("noise");
  start();
  plug_card();
  agent->expect("KOSHIN_DECISION=\"due\"");
}

TEST_F(Modules, AModuleThatLeavesAThreadRunningIsUnderstoodAllTheSame) {
  provide_certificate(12);
  use_misbehaving_module("thread");
  start();
  plug_card();
  agent->expect("KOSHIN_DECISION=\"due\"");
}

TEST_F(Modules, TheNextModuleIsAskedWhenTheFirstCannotBeUsed) {
  provide_certificate(12);
  use_misbehaving_module("crash");
  use_settings("token.modules = [\"" KOSHIN_MISBEHAVING_MODULE "\", \"" + SoftHsm::module().string() +
               "\"]\n");
  start();
  plug_card();
  agent->expect("could not be used");
  agent->expect("KOSHIN_DECISION=\"due\"");
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(memory().module, SoftHsm::module().string());
  // The one that owned the token is asked first from now on: the other is not even loaded.
  start();
  agent->expect("KOSHIN_DECISION=\"due\"");
  EXPECT_EQ(agent->count("could not be used"), 0U);
}

TEST_F(Modules, ACardPulledWhileTheWorkerLooksLeavesNothingBehind) {
  provide_certificate(12);
  use_misbehaving_module("slow");
  start();
  plug_card();
  agent->expect("A card is in");
  card->pull();
  agent->expect("was taken out.");
  set_mode("good");
  // The next insertion is seen with fresh eyes.
  card->plug();
  agent->expect("KOSHIN_DECISION=\"due\"");
  card->pull();
  agent->expect("was removed.");
  EXPECT_EQ(agent->count("was removed."), agent->count("is in, reader"));
}

TEST_F(Modules, AModuleWithoutAReaderIsRescannedWhenTheSettingsSaySo) {
  provide_certificate(200);
  use_settings("token.rescan_interval = 5\n");
  start();
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  hsm->remove_token("Bank token");
  agent->expect("was removed.");
  hsm->reinsert_token("Bank token");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
}

TEST_F(Modules, WhatARescanFindsUnchangedIsSaidOnce) {
  provide_certificate(200);
  use_settings("token.rescan_interval = 5\nlog.level = \"debug\"\n");
  start();
  EXPECT_NE(agent->expect("KOSHIN_DECISION=\"not_due\"").find(" info: "), std::string::npos);
  agent->expect(" debug: Token “Bank token”");
}

TEST_F(Modules, ASlotEventIsAReasonToLook) {
  hsm->remove_token("Bank token");
  use_misbehaving_module("good", "token.rescan_interval = 3600\n");
  start();
  agent->expect_in_any_order("tells of its tokens by itself");
  hsm->reinsert_token("Bank token");
  set_mode("changed");
  agent->expect("is in.");
  EXPECT_EQ(stop(), 0);
}

TEST_F(Modules, ChangedSettingsAreInForceAtOnceWhenAskedFor) {
  provide_certificate(12);
  start();
  plug_card();
  agent->expect("KOSHIN_DECISION=\"due\"");
  use_settings("renewal.window = \"P5D\"\n");
  hang_up();
  agent->expect("The settings have changed");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
}

TEST_F(Modules, WrongSettingsAreToldOfAndTheModuleIsNotBlamed) {
  provide_certificate(12);
  start();
  use_settings("nonsense = 1\n");
  plug_card();
  EXPECT_NE(agent->expect("The changed settings are wrong").find("unknown key"), std::string::npos);
  agent->expect("Certificates cannot be renewed on this computer");
  EXPECT_EQ(agent->count("KOSHIN_MODULE"), 0U) << "no worker was started in vain";
  use_settings("");
  hang_up();
  agent->expect("KOSHIN_DECISION=\"due\"");
  EXPECT_EQ(agent->count("could not be used"), 0U);
}

}  // namespace
}  // namespace koshin::test
