// SPDX-License-Identifier: MIT
// The agent and the smart card service: cards come and go, and so does the service.
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "agent_scene.hpp"
#include "idle.hpp"
#include "pcsc_connection.hpp"

namespace koshin::test {
namespace {

using ::testing::Contains;
using ::testing::Not;
using ::testing::Truly;

class Watching : public AgentScene {};

TEST_F(Watching, ACardIsSeenItsTokenInspectedAndADecisionMade) {
  provide_certificate(200);
  start();
  plug_card();
  agent->expect("A card is in “Virtual PCD");
  agent->expect("Token “Bank token”");
  EXPECT_NE(agent->expect("KOSHIN_DECISION").find("KOSHIN_DECISION=\"not_due\""), std::string::npos);
  card->pull();
  agent->expect("was removed.");
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(memory().last_decision, "not_due");
}

TEST_F(Watching, ACardThatWasInBeforeTheAgentIsSeen) {
  provide_certificate(200);
  plug_card();
  start();
  agent->expect("KOSHIN_DECISION=\"not_due\"");
}

TEST_F(Watching, ACardNoModuleKnowsIsLeftAlone) {
  hsm->remove_token("Bank token");
  start();
  plug_card();
  agent->expect("No configured module knows the card in “Virtual PCD");
  EXPECT_EQ(agent->count("Notified"), 0U);
}

TEST_F(Watching, TheTokenStaysWhenTheOtherReadersCardLeaves) {
  provide_certificate(200);
  start();
  plug_card();
  agent->expect("KOSHIN_DECISION");
  VirtualCard other(*daemon, 1);
  other.plug("3b00");
  agent->expect("No configured module knows the card in “Virtual PCD 00 01");
  other.pull();
  card->pull();
  agent->expect("was removed.");
  EXPECT_EQ(agent->count("was removed."), 1U);
}

TEST_F(Watching, TwoTokensInTwoReadersComeAndGoByThemselves) {
  hsm->init_token("Other token");
  provide_certificate(200);
  provision(*hsm, "Other token", *bank, pkcs11::KeyAlgorithm::ec_p256, 12, "12345678901234 user0002");
  use_misbehaving_module("good");
  std::ofstream(directory.path() / "slots")
      << "Bank token=Virtual PCD 00 00\nOther token=Virtual PCD 00 01\n";
  setenv("KOSHIN_TEST_MODULE_SLOTS", (directory.path() / "slots").c_str(), 1);
  plug_card();
  VirtualCard other(*daemon, 1);
  other.plug();
  start();
  const auto token_of = [&](const std::string& what) {
    const std::string line = agent->expect(what);
    return line.find("“Other token”") != std::string::npos ? "Other token" : "Bank token";
  };
  EXPECT_NE(token_of("KOSHIN_DECISION="), token_of("KOSHIN_DECISION="));
  EXPECT_EQ(agent->count("No configured module knows"), 0U) << agent->all();
  hsm->remove_token("Other token");
  other.pull();
  EXPECT_STREQ(token_of("was removed."), "Other token") << agent->all();
  hsm->remove_token("Bank token");
  card->pull();
  EXPECT_STREQ(token_of("was removed."), "Bank token");
}

TEST_F(Watching, TwentyInsertionsInASecondEndInOneSoundDecision) {
  provide_certificate(200);
  start();
  plug_card();
  for (int i = 0; i < 19; ++i) card->swap();
  // The last one is another kind of card, by which its line is known: what was decided before does not count.
  card->swap("3b00");
  agent->expect("KOSHIN_ATR=\"3b00\"");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  card->pull();
  agent->expect("was removed.");
  EXPECT_EQ(stop(), 0);
  const std::string all = agent->all();
  EXPECT_EQ(all.find("A card is in", all.find("KOSHIN_ATR=\"3b00\"")), std::string::npos) << all;
  EXPECT_EQ(memory().last_decision, "not_due");
}

TEST_F(Watching, AnAgentThatStartsBeforeTheServiceWaitsForIt) {
  provide_certificate(200);
  daemon->kill();
  agent.emplace(start_agent(programs, {"--settings", settings.string()}));
  daemon->start();
  agent->expect("Watching");
  plug_card();
  agent->expect("KOSHIN_DECISION=\"not_due\"");
}

TEST_F(Watching, AServiceThatIsKilledAndRestartedIsFoundAgain) {
  provide_certificate(200);
  start();
  plug_card();
  agent->expect("KOSHIN_DECISION");
  daemon->kill();
  agent->expect("The smart card service went away");
  daemon->start();
  card->plug();
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  card->pull();
  agent->expect("was removed.");
  EXPECT_EQ(stop(), 0);
}

TEST_F(Watching, EndsOnRequestWhileTheServiceIsAway) {
  start();
  daemon->kill();
  agent->expect("The smart card service went away");
  EXPECT_EQ(stop(), 0);
}

TEST_F(Watching, EndsOnRequestWhileTheServiceHangs) {
  start();
  ASSERT_EQ(::kill(static_cast<pid_t>(daemon->pid()), SIGSTOP), 0);
  EXPECT_EQ(stop(), 0);
}

TEST_F(Watching, ACardInExclusiveUseIsLookedAtWhenItIsFree) {
  provide_certificate(200);
  plug_card();
  const PcscConnection own;
  own.wait_for_card();
  const long handle = own.hold();
  start();
  agent->expect("is in exclusive use by another program");
  EXPECT_EQ(agent->count("KOSHIN_DECISION"), 0U);
  own.let_go(handle);
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  // Held and let go once more: nothing has happened to the card, and nobody looks.
  own.let_go(own.hold());
  VirtualCard other(*daemon, 1);
  other.plug();
  agent->expect("No configured module knows the card");
  EXPECT_EQ(agent->count("KOSHIN_DECISION"), 1U);
}

TEST_F(Watching, ASecondAgentSaysSoAndLeaves) {
  start();
  Lines second = start_agent(programs, {"--settings", settings.string()});
  second.expect("Another koshin-agent (process " + std::to_string(agent->child().pid()) +
                ") watches already; leaving.");
  EXPECT_EQ(second.exit_code(), 0);
  EXPECT_EQ(stop(), 0);
}

/// The local addresses, in hexadecimal, of what listens for TCP in this process's network (proc(5)).
std::vector<std::string> listening(long pid) {
  std::vector<std::string> found;
  for (const char* const table : {"tcp", "tcp6"}) {
    std::ifstream lines("/proc/" + std::to_string(pid) + "/net/" + table);
    std::string line;
    for (std::getline(lines, line); std::getline(lines, line);) {
      std::istringstream fields(line);
      std::string number, local, remote, state;
      fields >> number >> local >> remote >> state;
      if (state == "0A") found.push_back(local);
    }
  }
  return found;
}

TEST_F(Watching, TheVirtualReaderIsInANetworkThatHasOnlyALoopbackInterface) {
  if (daemon->network().path().empty()) GTEST_SKIP() << "no network namespace can be made here";
  std::array<char, 16> port{};
  std::snprintf(port.data(), port.size(), ":%04X", daemon->port(0));
  const auto on_port = [&](const std::string& address) { return address.ends_with(port.data()); };
  EXPECT_THAT(listening(daemon->pid()), Contains(Truly(on_port)));
  EXPECT_THAT(listening(getpid()), Not(Contains(Truly(on_port))));
  std::ifstream routes("/proc/" + std::to_string(daemon->pid()) + "/net/route");
  const std::string text{std::istreambuf_iterator<char>(routes), {}};
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << "no way leads out:\n" << text;
}

TEST_F(Watching, LeavesWhenNoReaderHasBeenThereForAWhile) {
  daemon->kill();
  std::filesystem::remove(directory.path() / "pcscd" / "readers" / "vpcd");
  daemon->start();
  start({"--exit-when-idle", "2"});  // whole seconds of the clock: 1 may be over at once
  agent->expect("leaving until one comes");
  EXPECT_EQ(agent->exit_code(), 0);
}

TEST_F(Watching, StaysAsLongAsAReaderIsThere) {
  start({"--exit-when-idle", "1"});
  plug_card();
  agent->expect("A card is in");
  card->pull();
  agent->expect("was taken out.");
  // A second card, seconds later: it is still there to see it.
  card->plug();
  agent->expect("A card is in");
  EXPECT_EQ(agent->count("leaving"), 0U);
}

TEST_F(Watching, IdleMeansNoWakeUp) {
  provide_certificate(200);
  start();
  plug_card();
  agent->expect("KOSHIN_DECISION");
  expect_idle(agent->child().pid());
}

TEST_F(Watching, IdleMeansNoWakeUpWithoutTheServiceToo) {
  start();
  daemon->kill();
  agent->expect("The smart card service went away");
  expect_idle(agent->child().pid());
}

TEST_F(Watching, AServiceThatHangsBeforeItHasAnsweredIsWaitedForAndKeepsNobodyFromEnding) {
  ASSERT_EQ(::kill(static_cast<pid_t>(daemon->pid()), SIGSTOP), 0);
  agent.emplace(start_agent(programs, {"--settings", settings.string()}));
  expect_idle(agent->child().pid());
  ASSERT_EQ(::kill(static_cast<pid_t>(daemon->pid()), SIGCONT), 0);
  agent->expect("Watching");
  EXPECT_EQ(stop(), 0);

  ASSERT_EQ(::kill(static_cast<pid_t>(daemon->pid()), SIGSTOP), 0);
  agent.emplace(start_agent(programs, {"--settings", settings.string()}));
  expect_idle(agent->child().pid());
  EXPECT_EQ(stop(), 0);
}

}  // namespace
}  // namespace koshin::test
