// SPDX-License-Identifier: MIT
// An agent that serves two banks: one look for each token, a decision for each bank.
#include "agent_fixture.hpp"
#include "resident/metrics.hpp"

namespace koshin::test {
namespace {

using renewal::Decision;
using renewal::Trigger;
using resident::Prompt;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class AgentOfTwoBanks : public AgentTest {
 protected:
  AgentOfTwoBanks() {
    for (const char* name : {"sakura", "ume"}) {
      Settings bank = settings;
      bank.expect.bank = name;
      bank.expect.issuer_pattern = std::string("CN=") + name;
      bank.branding.bank_name.for_all = std::string(name) + " bank";
      deployment.banks.push_back(bank);
    }
    deployment.base = settings;
  }
  void start() {
    for (Settings& bank : deployment.banks)
      bank.claims = {deployment.banks[0].expect, deployment.banks[1].expect};
    agent_.emplace(world, std::make_shared<const Deployment>(deployment), leave_when_idle);
    agent_->start();
  }
  /// A token with one certificate of each bank; empty: none of it.
  messages::TokenReport both(std::optional<int> sakura_days, std::optional<int> ume_days,
                             const std::string& serial = "1") const {
    auto made = token(1, serial);
    made.certificates.clear();
    const auto add = [&](const std::optional<int>& days, const std::string& name) {
      if (!days) return;
      auto certificate = token(*days, serial).certificates.front();
      certificate.sha256 = name + serial;
      certificate.issuer = "CN=" + name;
      made.certificates.push_back(certificate);
    };
    add(sakura_days, "sakura");
    add(ume_days, "ume");
    return made;
  }
  std::vector<std::string> prompted() const {
    std::vector<std::string> found;
    for (const Prompt& prompt : world.prompts)
      found.push_back(prompt.place.bank + ":" + prompt.certificate_sha256);
    return found;
  }

  Deployment deployment;
};

TEST_F(AgentOfTwoBanks, OneLookServesBothAndEachTellsOfItsOwn) {
  start();
  insert();
  ASSERT_EQ(world.inspected.size(), 1U);
  agent().on_inspected(seen({both(12, 9)}));
  EXPECT_EQ(world.inspected.size(), 1U);
  EXPECT_THAT(prompted(), ElementsAre("sakura:sakura1", "ume:ume1"));
  EXPECT_EQ(world.prompts[0].bank_name.for_all, "sakura bank");
  EXPECT_EQ(world.prompts[0].place.uri, world.prompts[1].place.uri);
}

TEST_F(AgentOfTwoBanks, TwoTokensOfTwoBanksAreServedSideBySide) {
  start();
  insert();
  agent().on_inspected(seen({both(12, {}, "1"), both({}, 9, "2")}));
  EXPECT_THAT(prompted(), ElementsAre("sakura:sakura1", "ume:ume2"));
}

TEST_F(AgentOfTwoBanks, WhatIsNotDueAtOneIsNoNewsOfTheOther) {
  start();
  insert();
  agent().on_inspected(seen({both(12, 300)}));
  EXPECT_THAT(prompted(), ElementsAre("sakura:sakura1"));
  const auto& banks = agent().tokens().all().at(0).banks;
  ASSERT_EQ(banks.size(), 2U);
  EXPECT_EQ(banks[0].decision, Decision::due);
  EXPECT_EQ(banks[1].decision, Decision::not_due);
  ASSERT_EQ(world.memory.kept.size(), 2U);
  EXPECT_EQ(world.memory.kept[0].bank, "sakura");
  EXPECT_EQ(world.memory.kept[0].certificate_sha256, "sakura1");
  EXPECT_EQ(world.memory.kept[1].certificate_sha256, "ume1");
}

TEST_F(AgentOfTwoBanks, QuietIsForTheBankThatItWasAskedOf) {
  start();
  insert(1);
  agent().on_inspected(seen({both(12, 12)}));
  agent().on_snoozed({"Maker", "Model", "1"}, "ume");
  agent().on_inspected(seen({both(12, 12)}));
  const auto& banks = agent().tokens().all().at(0).banks;
  EXPECT_EQ(banks[0].decision, Decision::due);
  EXPECT_EQ(banks[1].decision, Decision::snoozed);
}

TEST_F(AgentOfTwoBanks, ATokenOfNeitherIsNobodysBusiness) {
  start();
  insert();
  auto other = both(12, {});
  other.certificates.front().issuer = "CN=momo";
  agent().on_inspected(seen({other}));
  EXPECT_THAT(prompted(), IsEmpty());
  EXPECT_THAT(world.memory.kept, IsEmpty());
}

TEST_F(AgentOfTwoBanks, UnattendedRenewalsOfOneTokenComeOneAfterTheOther) {
  for (Settings& bank : deployment.banks) {
    bank.unattended.enabled = true;
    bank.unattended.spread = {};
  }
  start();
  insert();
  agent().on_inspected(seen({both(12, 12)}));
  EXPECT_THAT(world.renewed_for, ElementsAre("sakura"));
  agent().on_renewed({"Maker", "Model", "1"}, {}, "sakura");
  agent().on_inspected(seen({both(300, 12)}));
  EXPECT_THAT(world.renewed_for, ElementsAre("sakura", "ume"));
  EXPECT_THAT(prompted(), IsEmpty());
}

TEST_F(AgentOfTwoBanks, AFailureAtOneBankDoesNotHoldTheOther) {
  for (Settings& bank : deployment.banks) bank.unattended.enabled = true;
  for (Settings& bank : deployment.banks) bank.unattended.spread = {};
  start();
  insert();
  agent().on_inspected(seen({both(12, 12)}));
  agent().on_renewed({"Maker", "Model", "1"}, Failure{Reason::authority_refused, "", {}}, "sakura");
  agent().on_inspected(seen({both(12, 12)}));
  EXPECT_THAT(world.renewed_for, ElementsAre("sakura", "ume"));
}

TEST_F(AgentOfTwoBanks, MetricsHaveARowForEachBank) {
  start();
  insert();
  agent().on_inspected(seen({both(12, 300)}));
  ASSERT_EQ(world.published.size(), 2U);
  const std::string text = resident::metrics_text(world.published, world.memory.kept, {}, "taro");
  EXPECT_THAT(text, HasSubstr("bank=\"sakura\",decision=\"due\"} 1"));
  EXPECT_THAT(text, HasSubstr("bank=\"ume\",decision=\"not_due\"} 1"));
  EXPECT_THAT(text, Not(HasSubstr("bank=\"\"")));
}

}  // namespace
}  // namespace koshin::test
