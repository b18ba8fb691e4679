// SPDX-License-Identifier: MIT
// The real agent where several things are difficult at once: due tokens that no number tells apart, a module
// that hangs beside one that works, a token with forty objects.
#include <algorithm>

#include "agent_scene.hpp"
#include "faults/call_log.hpp"
#include "faults/fault_plan.hpp"
#include "idle.hpp"

namespace koshin::test {
namespace {

namespace fs = std::filesystem;

class HardCases : public AgentScene {
 protected:
  fs::path calls_log() const { return directory.path() / "calls"; }
  fs::path slots() const { return directory.path() / "slots"; }
  /// Settings with the fault module, which counts calls, around `module`.
  void count_calls_of(const fs::path& module, bool alike = false) {
    faults::Plan plan;
    plan.module = module;
    plan.log = calls_log();
    plan.removed = directory.path() / "never";
    plan.alike = alike;
    plan.serial = "0000000000000000";
    faults::save(plan, directory.path() / "plan");
    setenv(faults::plan_variable, (directory.path() / "plan").c_str(), 1);
    use_settings("token.modules = [\"" KOSHIN_FAULT_MODULE "\"]\n");
  }
  unsigned calls() const { return faults::CallLog(calls_log()).calls(); }
  void put_into_readers(const std::string& lines) {
    std::ofstream(slots()) << lines;
    setenv("KOSHIN_TEST_MODULE_SLOTS", slots().c_str(), 1);
    setenv("KOSHIN_TEST_MODULE_MODE", (directory.path() / "mode").c_str(), 1);
    set_mode("good");
  }
};

/// Two cards without a number of their own, as PIV cards without CHUID are; both are due.
TEST_F(HardCases, DueTwinsInTwoReadersHaveOneMessageEach) {
  hsm->init_token("Other token");
  provide_certificate(12);
  provision(*hsm, "Other token", *bank, pkcs11::KeyAlgorithm::ec_p256, 9, "12345678901234 user0002");
  put_into_readers("Bank token=Virtual PCD 00 00\nOther token=Virtual PCD 00 01\n");
  count_calls_of(KOSHIN_MISBEHAVING_MODULE, true);
  hsm->remove_token("Other token");
  Desktop desktop(directory.path());
  start();
  plug_card();
  agent->expect("KOSHIN_DECISION=\"due\"");
  desktop.expect("\"call\": \"notify\"");
  hsm->reinsert_token("Other token");
  VirtualCard other(*daemon, 1);
  other.plug();
  agent->expect("KOSHIN_DECISION=\"due\"");
  desktop.expect("\"call\": \"notify\"");
  expect_idle(agent->child().pid());
  hsm->remove_token("Other token");
  other.pull();
  agent->expect("was removed.");
  desktop.expect("\"call\": \"close\"");  // all that came before it was read
  expect_idle(agent->child().pid());
  EXPECT_EQ(stop(), 0);
  // The insertion of the one counts for both, since they say the same of themselves: what is shown of the
  // other is shown again, in its place.
  EXPECT_EQ(desktop.count("\"replaces\": 0"), 2U) << desktop.all();
  EXPECT_LE(desktop.count("\"call\": \"notify\""), 3U) << desktop.all();
  EXPECT_EQ(agent->count("was removed."), 1U) << agent->all();
}

/// The module that hangs comes first in the settings; the token is another one's.
TEST_F(HardCases, AModuleThatHangsIsToldOfOnceAndTheTokensOfOthersAreSeen) {
  provide_certificate(12);
  use_misbehaving_module("hang");
  use_settings("token.modules = [\"" KOSHIN_MISBEHAVING_MODULE "\", \"" + SoftHsm::module().string() +
               "\"]\n[renewal]\njob_deadline = 2\n");
  Desktop desktop(directory.path());
  start();
  plug_card();
  EXPECT_NE(agent->expect("could not be used").find("KOSHIN_REASON=\"module_hung\""), std::string::npos);
  agent->expect("KOSHIN_DECISION=\"due\"");
  expect_idle(agent->child().pid());
  card->pull();
  agent->expect("was removed.");
  card->plug();
  agent->expect("KOSHIN_DECISION=\"due\"");
  expect_idle(agent->child().pid());
  card->pull();
  agent->expect("was removed.");
  for (int removals = 0; removals < 2; ++removals) desktop.expect("\"call\": \"close\"");
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(agent->count("could not be used"), 1U) << agent->all();
  EXPECT_EQ(desktop.count("Trouble with the token software"), 1U);
}

TEST_F(HardCases, ATokenWithFortyObjectsIsReadOnceForAnInsertion) {
  constexpr int others = 37;             // beside a pair and its certificate
  constexpr unsigned calls_beside = 25;  // loading, slots, session, searches
  provide_certificate(12);
  provision_others(*hsm, "Bank token", *bank, others);
  count_calls_of(SoftHsm::module());
  start();
  plug_card();
  agent->expect("KOSHIN_DECISION=\"due\"");
  expect_idle(agent->child().pid());
  const unsigned first = calls();
  std::cout << "calls of a look at 40 objects: " << first << std::endl;
  EXPECT_LE(first, others + 2 + calls_beside) << "the private key does not show";
  card->pull();
  agent->expect("was removed.");
  card->plug();
  agent->expect("KOSHIN_DECISION=\"due\"");
  expect_idle(agent->child().pid());
  EXPECT_LE(calls(), 2 * first);
  EXPECT_EQ(stop(), 0);
}

}  // namespace
}  // namespace koshin::test
