// SPDX-License-Identifier: MIT
// Journals of every earlier schema, as koshins of then have left them (tests/renewal/journals): all that is
// in them is there afterwards, and what comes after obeys the same rules as in a new journal.
#include <gmock/gmock.h>

#include "journal_fixture.hpp"

namespace koshin::renewal {
namespace {

using test::JournalTest;
using test::record_of;
using test::token_a;

/// Of each schema before the present one.
class JournalUpgrade : public JournalTest, public ::testing::WithParamInterface<int> {
 protected:
  void SetUp() override { test::make_old_journal(file(), JOURNALS, GetParam()); }
  static TokenKey token_in(State state) {
    return {"KeyManager", "Model", "serial-" + std::string(to_string(state))};
  }
  Record record_in(State state) {
    const auto found = journal().history_of(token_in(state), 10);
    EXPECT_EQ(found.size(), 1U) << to_string(state);
    return found.empty() ? Record{} : found.front();
  }
};

TEST_P(JournalUpgrade, EveryStateIsThereWithItsContent) {
  open();
  for (const StateRow& expected : state_rows) {
    const Record found = record_in(expected.state);
    EXPECT_EQ(found.state, expected.state);
    EXPECT_EQ(found.number, static_cast<int>(expected.state) + 1);
    EXPECT_EQ(found.key_id, Bytes({static_cast<std::uint8_t>(found.number), 2, 0, 255}));
    EXPECT_EQ(!found.public_key.empty(), expected.requires_content.public_key) << expected.name;
    EXPECT_EQ(!found.certificate.empty(), expected.requires_content.certificate) << expected.name;
    EXPECT_EQ(found.ask_again.has_value(), expected.requires_content.ask_again) << expected.name;
    EXPECT_EQ(journal().unfinished(token_in(expected.state)).has_value(), !expected.finished)
        << expected.name;
  }
  EXPECT_EQ(journal().all_unfinished().size(), 7U);
  EXPECT_EQ(journal().history(100).size(), 9U);
}

TEST_P(JournalUpgrade, WhatBelongsToARequestIsKept) {
  open();
  const Record pending = record_in(State::pending);
  EXPECT_EQ(pending.token_label, "demo");
  EXPECT_EQ(pending.old_sha256, std::string(64, '4'));
  EXPECT_EQ(pending.key_algorithm, "ec-p256");
  EXPECT_EQ(pending.request, Bytes({20, 0, 21}));
  EXPECT_EQ(pending.ask_again, pending.started - std::chrono::seconds{4} + std::chrono::hours{1});
  ASSERT_TRUE(pending.last_failure.has_value());
  EXPECT_EQ(pending.last_failure->reason, Reason::authority_busy);
  EXPECT_EQ(pending.last_failure->detail, "come back \"later\"");
  EXPECT_EQ(pending.last_failure->retry_after, std::chrono::seconds{90});
  EXPECT_FALSE(pending.pair_sent) << "an answer has come";
  EXPECT_TRUE(record_in(State::requested).pair_sent) << "a request that may have been sent counts as sent";
  EXPECT_EQ(record_in(State::abandoned).last_failure->detail, "it's no");
  const int schema = GetParam();
  EXPECT_EQ(record_in(State::written).wrong_answers, schema >= 3 ? 1U : 0U);
  EXPECT_EQ(pending.exchange_state.size(), schema >= 5 ? 2U : 0U);
  EXPECT_EQ(record_in(State::completed).bank, schema >= 7 ? "sakura" : "");
  EXPECT_EQ(record_in(State::issued).replaced_certificate, schema >= 10 ? Bytes({40, 0, 41}) : Bytes{});
}

TEST_P(JournalUpgrade, TokensMailsAndBanksAreKept) {
  open();
  const auto memory = journal().memory(token_in(State::written));
  ASSERT_TRUE(memory.has_value());
  EXPECT_EQ(memory->last_decision, "due");
  EXPECT_EQ(memory->notified_threshold, "P7D");
  EXPECT_TRUE(memory->pin_source_refused);
  EXPECT_EQ(memory->pin_source_stamp, "/path 1 2");
  EXPECT_EQ(memory->told_sha256, GetParam() >= 6 ? "cd" : "ab");
  EXPECT_EQ(memory->purpose, messages::Purpose::log_in);
  EXPECT_EQ(journal().mailed("ab", "P7D"), GetParam() >= 2);
  EXPECT_FALSE(journal().mailed("ab", "P3D"));
}

TEST_P(JournalUpgrade, ATokenWhoseSerialNumberSaysNothingIsFoundByItsLabel) {
  const TokenKey since = token_key("TPM", "2.0", "0000", "desk");
  const auto found = open().unfinished(since);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->number, 9);
  EXPECT_EQ(serial_number(found->token), "0000");
  ASSERT_TRUE(journal().memory(since).has_value());
  EXPECT_EQ(journal().memory(since)->last_decision, "due");
  EXPECT_EQ(journal().memory(since, "sakura")->last_decision, GetParam() >= 7 ? "not_due" : "");
  EXPECT_FALSE(journal().memory({"TPM", "2.0", "0000"}).has_value());
  EXPECT_TRUE(reopen().memory(since).has_value()) << "once is enough";
}

TEST_P(JournalUpgrade, ItsTablesAreThoseOfANewJournal) {
  open();
  close();
  const auto upgraded = test::schema_of(file());
  std::filesystem::remove(file());
  open();
  close();
  EXPECT_EQ(upgraded, test::schema_of(file()));
}

TEST_P(JournalUpgrade, RenewalsGoOnAndNewOnesGetNewNumbers) {
  open();
  Record going_on = *journal().unfinished(token_in(State::generated));
  going_on.state = State::requested;
  EXPECT_EQ(reason_of([&] { journal().save(going_on); }), Reason::internal_error) << "there is no request";
  going_on.request = {20};
  journal().save(going_on);
  EXPECT_EQ(reopen().unfinished(token_in(State::generated))->state, State::requested);
  Record again = record_in(State::planned);
  again.number = 0;
  EXPECT_EQ(reason_of([&] { journal().save(again); }), Reason::internal_error) << "one is unfinished";
  Record another = record_of(token_a, State::planned);
  journal().save(another);
  EXPECT_EQ(another.number, 10);
  Record finished = record_in(State::completed);
  finished.state = State::planned;
  EXPECT_EQ(reason_of([&] { journal().save(finished); }), Reason::internal_error);
}

TEST_P(JournalUpgrade, ToBeReadAloneItIsLeftAsItIs) {
  const auto before = test::schema_of(file());
  EXPECT_EQ(reason_of([&] { (void)Journal::open_to_read(file()); }), Reason::journal_unusable);
  EXPECT_EQ(test::schema_of(file()), before);
}

INSTANTIATE_TEST_SUITE_P(Schemas, JournalUpgrade, ::testing::Range(1, 11));

}  // namespace
}  // namespace koshin::renewal
