// SPDX-License-Identifier: MIT
// The agent renews by itself where the settings say so.
#include <algorithm>
#include <fstream>

#include "agent_scene.hpp"

namespace koshin::test {
namespace {

class Unattended : public AgentScene {
 protected:
  // One that is part of nothing else: the test looks for it in the log.
  Unattended() { token_pin = "pin-7f3c91"; }
};

TEST_F(Unattended, ADueCertificateIsRenewedWithoutAPerson) {
  provide_certificate(12);
  renew_by_itself(token_pin);
  start();
  plug_card();
  agent->expect("Renewing by itself");
  agent->expect("Step 8 of 8");
  agent->expect("Renewed: the new certificate is valid until");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(bank->issued(), 1U);
  EXPECT_EQ(agent->count("Notified"), 0U);
  const std::string text = file_text(metrics());
  EXPECT_NE(text.find("result=\"completed\"} 1"), std::string::npos) << text;
  EXPECT_NE(text.find("state=\"ok\"} 1"), std::string::npos) << text;
  EXPECT_EQ(agent->all().find(token_pin), std::string::npos) << "the PIN is in the log";
}

TEST_F(Unattended, AllThatAreDueAreRenewedOneAfterTheOther) {
  provide_certificate(12);
  for (const char* usage : {"critical,digitalSignature,nonRepudiation", "critical,keyAgreement"})
    provision_as(*hsm, "Bank token", *bank, {.usage = usage, .extended_usage = "emailProtection"});
  renew_by_itself(token_pin,
                  "renewal.purposes = [\"login\", \"signature\", \"encryption\"]\n"
                  "authority.signature_label = \"signature\"\nauthority.encryption_label = \"encryption\"\n");
  start();
  plug_card();
  for (int certificate = 0; certificate < 3; ++certificate) agent->expect("Step 8 of 8");
  agent->expect("Renewed: the new certificate is valid until");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(bank->issued(), 3U);
  EXPECT_EQ(agent->count("Notified"), 0U);
}

/// A hook in a folder of the test's own; each run of it adds a line to the file that is returned.
std::filesystem::path write_hook(const std::filesystem::path& folder) {
  const auto seen = folder.parent_path() / "seen";
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "see") << "#!/bin/sh\nopenssl x509 -noout -serial >>" << seen.string() << "\n";
  std::filesystem::permissions(folder / "see", static_cast<std::filesystem::perms>(0755));
  return seen;
}

TEST_F(Unattended, HooksRunAfterARenewalAndForOneThatWasCutOffAtTheStart) {
  provide_certificate(12);
  const auto folder = directory.path() / "hooks.d";
  const auto seen = directory.path() / "seen";
  renew_by_itself(token_pin, "hooks.directory = \"" + folder.string() + "\"\n");
  start();
  plug_card();
  agent->expect("Renewed: the new certificate is valid until");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  EXPECT_EQ(stop(), 0);
  // The hook was not there in time, as after a power cut: the next start catches up, once.
  EXPECT_EQ(write_hook(folder), seen);
  start();
  EXPECT_NE(agent->expect("a hook has run for a new certificate").find("KOSHIN_HOOK=\"see\""),
            std::string::npos);
  EXPECT_EQ(stop(), 0);
  start();
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  EXPECT_EQ(stop(), 0);
  const std::string text = file_text(seen);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
  EXPECT_TRUE(text.starts_with("serial=")) << text;
}

TEST_F(Unattended, AHookThatIsThereRunsAtOnce) {
  provide_certificate(12);
  const auto folder = directory.path() / "hooks.d";
  const auto seen = write_hook(folder);
  renew_by_itself(token_pin, "hooks.directory = \"" + folder.string() + "\"\n");
  start();
  plug_card();
  agent->expect("a hook has run for a new certificate");
  EXPECT_EQ(stop(), 0);
  EXPECT_TRUE(file_text(seen).starts_with("serial="));
}

TEST_F(Unattended, AWrongPinIsTriedOnceAndThenLeftToAPerson) {
  provide_certificate(12);
  renew_by_itself("0000000000");
  start();
  plug_card();
  EXPECT_NE(agent->expect("The renewal did not finish").find("KOSHIN_REASON=\"pin_incorrect\""),
            std::string::npos);
  card->pull();
  agent->expect("was removed.");
  card->plug();
  EXPECT_NE(agent->expect("The renewal did not finish").find("KOSHIN_REASON=\"pin_refused_before\""),
            std::string::npos);
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(bank->issued(), 0U);
}

TEST_F(Unattended, WhatAnotherComputerHasWrittenIsSeenToLogInHere) {
  provide_certificate(12);
  renew_by_itself(token_pin);
  start();
  plug_card();
  agent->expect("Renewed: the new certificate is valid until");
  EXPECT_EQ(stop(), 0);
  const auto logins = bank->logins();
  std::filesystem::remove_all(directory.path() / "state");  // another computer: its journal is empty
  start();
  agent->expect("KOSHIN_DECISION=\"proof_left\"");
  agent->expect("Renewed: the new certificate is valid until");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(bank->issued(), 1U);
  EXPECT_GT(bank->logins(), logins);
}

TEST_F(Unattended, ATokenPulledWhileTheAuthorityAnswersIsResumedAtTheNextInsertion) {
  provide_certificate(12);
  renew_by_itself(token_pin);
  bank->set("slow", "1500");
  start();
  plug_card();
  agent->expect("Step 3 of 8");
  hsm->remove_token("Bank token");
  card->pull();
  agent->expect("was removed.");
  agent->expect("The renewal did not finish; nothing is lost.");
  bank->set("slow", "0");
  hsm->reinsert_token("Bank token");
  card->plug();
  agent->expect("KOSHIN_DECISION=\"resume_unfinished\"");
  agent->expect("Renewed: the new certificate is valid until");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
}

TEST_F(Unattended, AnAuthorityThatFailsIsNotAskedAgainAtOnce) {
  provide_certificate(12);
  renew_by_itself(token_pin);
  bank->set("drop_after_issue", "9");
  start();
  plug_card();
  agent->expect("The renewal did not finish");
  agent->expect("KOSHIN_DECISION=\"resume_unfinished\"");
  card->pull();
  agent->expect("was removed.");
  card->plug();
  const std::string decision = agent->expect("KOSHIN_DECISION=\"resume_unfinished\"");
  EXPECT_EQ(decision.find("KOSHIN_LOOK_AGAIN=\"\""), std::string::npos)
      << "it is not planned for later: " << decision;
  EXPECT_EQ(stop(), 0);
  EXPECT_EQ(agent->count("Renewing by itself"), 1U);
}

}  // namespace
}  // namespace koshin::test
