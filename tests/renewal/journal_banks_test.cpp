// SPDX-License-Identifier: MIT
// What the journal keeps for each bank by itself, and what for the token.
#include "journal_fixture.hpp"

namespace koshin::renewal {
namespace {

using test::at;
using test::JournalTest;
using test::record_of;
using test::token_a;

TEST_F(JournalTest, RemembersForEachBankByItself) {
  const auto told = at("2026-11-22T00:00:00Z");
  open().remember(token_a, [&](TokenMemory& memory) {
    memory.label = "demo";
    memory.last_decision = "not_due";
    memory.certificate_sha256 = "ab";
  });
  journal().remember(token_a, "sakura", [&](TokenMemory& memory) {
    EXPECT_EQ(memory.bank, "sakura");
    EXPECT_EQ(memory.label, "demo") << "what is the token's is every bank's";
    EXPECT_EQ(memory.last_decision, "") << "what another bank has decided is not";
    memory.last_decision = "due";
    memory.certificate_sha256 = "cd";
    memory.not_after = memory.snoozed_at = memory.last_notified = told;
    memory.told_sha256 = "cd";
    memory.notified_threshold = "P7D";
    memory.email = "person@example.com";
    memory.purpose = messages::Purpose::signature;
    memory.label = "demo 2";
    memory.pin_source_stamp = "stamp";
  });
  reopen().remember(token_a, "ume", [&](TokenMemory& memory) { memory.last_decision = "snoozed"; });
  const auto of_sakura = reopen().memory(token_a, "sakura");
  ASSERT_TRUE(of_sakura.has_value());
  EXPECT_EQ(of_sakura->last_decision, "due");
  EXPECT_EQ(of_sakura->not_after, told);
  EXPECT_EQ(of_sakura->snoozed_at, told);
  EXPECT_EQ(of_sakura->last_notified, told);
  EXPECT_EQ(of_sakura->told_sha256, "cd");
  EXPECT_EQ(of_sakura->notified_threshold, "P7D");
  EXPECT_EQ(of_sakura->email, "person@example.com");
  EXPECT_EQ(of_sakura->purpose, messages::Purpose::signature);
  const auto of_token = journal().memory(token_a);
  EXPECT_EQ(of_token->last_decision, "not_due");
  EXPECT_EQ(of_token->certificate_sha256, "ab");
  EXPECT_EQ(of_token->not_after, std::nullopt);
  EXPECT_EQ(of_token->email, "");
  EXPECT_EQ(of_token->purpose, messages::Purpose::log_in);
  EXPECT_EQ(of_token->label, "demo 2");
  EXPECT_EQ(of_token->pin_source_stamp, "stamp");
  const auto all = journal().memories();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].bank, "");
  EXPECT_EQ(all[1].bank, "sakura");
  EXPECT_EQ(all[2].bank, "ume");
}

TEST_F(JournalTest, RemembersForABankThatIsSpelledAnotherWayNow) {
  open().remember(token_a, "ume", [&](TokenMemory& memory) { memory.last_decision = "snoozed"; });
  const auto spelled = journal().memory(token_a, "UmE");
  EXPECT_EQ(spelled->last_decision, "snoozed");
  EXPECT_EQ(spelled->bank, "UmE");
  journal().remember(token_a, "UmE", [&](TokenMemory& memory) { memory.last_decision = "due"; });
  EXPECT_EQ(journal().memory(token_a, "UmE")->last_decision, "due");
}

TEST_F(JournalTest, ARecordKeepsItsBank) {
  Record record = record_of(token_a, State::planned);
  record.bank = "sakura";
  open().save(record);
  record.state = State::generated;
  journal().save(record);
  EXPECT_EQ(reopen().history(1).at(0).bank, "sakura");
}

}  // namespace
}  // namespace koshin::renewal
