// SPDX-License-Identifier: MIT
// The agent with a journal that is damaged: it says so once, leaves the file for whoever can tell at length
// what becomes of it, and goes on with the next one.
#include <gtest/gtest.h>

#include <fstream>

#include "agent_scene.hpp"
#include "support/raw_journal.hpp"

namespace koshin::test {
namespace {

class DamagedJournal : public AgentScene {
 protected:
  void SetUp() override {
    AgentScene::SetUp();
    if (IsSkipped()) return;
    provide_certificate(200);
    use_settings("");
    start();
    plug_card();
    agent->expect("KOSHIN_DECISION=\"not_due\"");
    EXPECT_EQ(stop(), 0);
    agent.reset();
  }
  std::filesystem::path folder() const { return directory.path() / "state" / "koshin"; }
  std::filesystem::path journal() const { return folder() / "journal.sqlite"; }
  std::filesystem::path kept() const { return folder() / "told-journal-mistake"; }
  void damage() const { std::ofstream(journal(), std::ios::trunc) << std::string(5000, 'x'); }
  bool is_put_aside() const {
    for (const auto& entry : std::filesystem::directory_iterator(folder()))
      if (entry.path().filename().string().find(".damaged-") != std::string::npos) return true;
    return false;
  }
  void insert_again() {
    card->pull();
    agent->expect("was taken out.");
    card->plug();
    agent->expect("KOSHIN_DECISION=\"not_due\"");
  }
};

TEST_F(DamagedJournal, IsToldOnceAndLeftWhereItIs) {
  Desktop desktop(directory.path());
  damage();
  start();
  const std::string call = desktop.expect("\"call\": \"notify\"");
  EXPECT_NE(call.find("The record of renewals on this computer cannot be used"), std::string::npos) << call;
  EXPECT_NE(call.find("journal.sqlite"), std::string::npos) << call;
  agent->expect("The journal cannot be used: deciding without it.");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  insert_again();
  insert_again();
  EXPECT_EQ(agent->count("The journal cannot be used"), 1U) << "with the remedy, once:\n" << agent->all();
  EXPECT_EQ(agent->count("is never deleted"), 1U) << agent->all();
  EXPECT_TRUE(std::filesystem::exists(kept()));
  EXPECT_FALSE(is_put_aside());
  EXPECT_EQ(stop(), 0);

  start();  // at the next log-in
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  EXPECT_EQ(agent->count("Notified"), 0U);
  std::filesystem::remove(journal());  // as a command that was told to does
  card->pull();
  agent->expect("was taken out.");
  card->plug();
  agent->expect("The journal can be used again.");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  EXPECT_FALSE(std::filesystem::exists(kept())) << "the next damage is told again";
  EXPECT_FALSE(memory().label.empty()) << "what is seen is remembered again";
  EXPECT_EQ(stop(), 0);
}

TEST_F(DamagedJournal, ThatNobodyCouldBeToldOfIsToldAtALaterInsertion) {
  damage();
  start();
  agent->expect("The journal cannot be used");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  EXPECT_FALSE(std::filesystem::exists(kept()));
  insert_again();
  EXPECT_FALSE(std::filesystem::exists(kept())) << "there is nobody yet";
  EXPECT_EQ(stop(), 0);

  Desktop desktop(directory.path());
  start();
  desktop.expect("\"call\": \"notify\"");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  EXPECT_TRUE(std::filesystem::exists(kept()));
  EXPECT_EQ(stop(), 0);
}

/// So large a one is not looked through when it is opened: reading it meets the damage, and then it is.
TEST_F(DamagedJournal, ThatOnlyReadingShowsIsNotTakenForOneThatCanBeUsedAgain) {
  Desktop desktop(directory.path());
  EXPECT_EQ(run_sql(journal(),
                    "CREATE TABLE filling (content BLOB); INSERT INTO filling VALUES (zeroblob(9000000));"),
            SQLITE_OK);
  std::vector<std::string> root;
  EXPECT_EQ(
      run_sql(journal(),
              "SELECT rootpage FROM sqlite_schema WHERE name = 'token'; PRAGMA wal_checkpoint(TRUNCATE)",
              &root),
      SQLITE_OK);
  std::fstream bytes(journal(), std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekp(static_cast<std::streamoff>((std::stoul(root.at(0)) - 1) * 4096));
  bytes << std::string(4096, '\xff');
  bytes.close();
  start();
  desktop.expect("\"call\": \"notify\"");
  agent->expect("KOSHIN_DECISION=\"not_due\"");
  insert_again();
  insert_again();
  EXPECT_EQ(agent->count("The journal can be used again."), 0U) << agent->all();
  EXPECT_EQ(agent->count("The journal cannot be used"), 1U) << agent->all();
  EXPECT_TRUE(std::filesystem::exists(kept()));
  EXPECT_FALSE(is_put_aside());
  EXPECT_EQ(stop(), 0);
}

}  // namespace
}  // namespace koshin::test
