// SPDX-License-Identifier: MIT
// What most tests of the running agent need: a user, a token with a certificate, a reader, programs.
#pragma once

#include <signal.h>  // kill() is not in <csignal>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>

#include "agent_stage.hpp"
#include "pcsc_daemon.hpp"
#include "renewal/journal/journal.hpp"
#include "support/environment.hpp"
#include "support/provisioning.hpp"
#include "support/soft_hsm.hpp"
#include "support/test_bank.hpp"

namespace koshin::test {

class AgentScene : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string missing = PcscDaemon::missing();
    if (!missing.empty()) GTEST_SKIP() << "SKIPPED, needs a real pcscd with the virtual reader: " << missing;
    isolate_user(directory.path());
    without_desktop();
    setenv("LANG", "en_GB.UTF-8", 1);  // what comes by itself is Japanese where nobody says otherwise
    hsm.emplace(directory.path());
    hsm->init_token("Bank token", token_pin);
    bank.emplace(directory.path() / "bank");
    daemon.emplace(directory.path() / "pcscd");
    daemon->start();
    settings = write_settings(directory.path(), *bank);
  }

  void provide_certificate(int days_left) {
    provision(*hsm, "Bank token", *bank, pkcs11::KeyAlgorithm::ec_p256, days_left);
  }
  void use_settings(const std::string& extra) { settings = write_settings(directory.path(), *bank, extra); }
  /// Settings that name the misbehaving module in SoftHSM's place.
  void use_misbehaving_module(const std::string& mode, const std::string& extra = "");
  void set_mode(const std::string& mode);
  /// Settings with which the agent renews by itself, at once, with this PIN.
  void renew_by_itself(const std::string& pin, const std::string& extra = "");
  std::filesystem::path metrics() const { return directory.path() / "koshin.prom"; }
  void start(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"--settings", settings.string()});
    agent.emplace(start_agent(programs, arguments));
    agent->expect("Watching");
  }
  /// Fails with `what` where `holds` does not come true in time.
  static void wait_until(const std::function<std::string()>& what, const std::function<bool()>& holds) {
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
      ASSERT_LT(std::chrono::steady_clock::now(), until) << what();
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
  }
  static void wait_until(const std::string& what, const std::function<bool()>& holds) {
    wait_until([&what] { return what; }, holds);
  }
  void plug_card() {
    if (!card) card.emplace(*daemon, 0U);
    card->plug();
  }
  /// SIGHUP: it reads its settings again.
  void hang_up() { ASSERT_EQ(::kill(static_cast<pid_t>(agent->child().pid()), SIGHUP), 0); }
  /// SIGTERM, and its exit code.
  int stop() {
    agent->child().terminate();
    return agent->exit_code();
  }
  renewal::TokenMemory memory() const {
    const auto all =
        renewal::Journal::open(directory.path() / "state" / "koshin" / "journal.sqlite")->memories();
    return all.empty() ? renewal::TokenMemory{} : all.front();
  }
  std::string file_text(const std::filesystem::path& file) const;

  std::string token_pin = SoftHsm::default_pin;
  TemporaryDirectory directory;
  std::optional<SoftHsm> hsm;
  std::optional<TestBank> bank;
  std::optional<PcscDaemon> daemon;
  std::optional<VirtualCard> card;
  std::filesystem::path settings;
  Programs programs;
  std::optional<Lines> agent;
};

}  // namespace koshin::test
