// SPDX-License-Identifier: MIT
// Journals of every earlier schema, as koshins of then have left them (tests/renewal/journals): all that is
// in them is there afterwards, and what comes after obeys the same rules as in a new journal.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

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

/// From version 8 on token_key() has written the label into the serial number.
TEST_P(JournalUpgrade, AYubiKeyWhoseSerialNumberYkcs11DoesNotSayIsFoundByTheNumberInItsLabel) {
  const std::string label = "YubiKey PIV #12345678";
  const auto stored = [](const std::string& of) { return GetParam() >= 8 ? "00|" + of : std::string("00"); };
  const auto becomes = [&](const std::string& manufacturer, const std::string& name) {
    const std::string now =
        " SET manufacturer = '" + manufacturer + "', model = 'YubiKey YK5', serial = '" + stored(name) + "'";
    execute("UPDATE token" + now + ", label = '" + name + "' WHERE manufacturer = 'TPM'");
    execute("UPDATE renewal" + now + ", token_label = '" + name + "' WHERE number = 9");
    if (GetParam() >= 7) execute("UPDATE token_bank" + now + " WHERE manufacturer = 'TPM'");
  };
  becomes("Yubico (www.yubico.com)", label);
  const TokenKey since = token_key("Yubico (www.yubico.com)", "YubiKey YK5", "12345678", label);
  const auto found = open().unfinished(since);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->number, 9);
  ASSERT_TRUE(journal().memory(since).has_value());
  EXPECT_TRUE(journal().memory(since)->pin_source_refused) << "a refused PIN is not tried once more";
  EXPECT_EQ(journal().memory(since, "sakura")->last_decision, GetParam() >= 7 ? "not_due" : "");
}

TEST_P(JournalUpgrade, NoOtherTokenTakesANumberFromItsLabel) {
  const auto stored = [](const std::string& of) { return GetParam() >= 8 ? "00|" + of : std::string("00"); };
  const std::vector<std::pair<std::string, std::string>> others{{"TPM", "YubiKey PIV #12345678"},
                                                                {"Yubico", "Front desk"},
                                                                {"Yubico", "Desk #"},
                                                                {"Yubico", "#12 of 7"}};
  for (const auto& [manufacturer, label] : others) {
    close();
    std::filesystem::remove(file());
    test::make_old_journal(file(), JOURNALS, GetParam());
    execute("UPDATE renewal SET manufacturer = '" + manufacturer + "', model = 'YubiKey YK5', serial = '" +
            stored(label) + "', token_label = '" + label + "' WHERE number = 9");
    const auto found = open().unfinished(token_key(manufacturer, "YubiKey YK5", "00", label));
    ASSERT_TRUE(found.has_value()) << manufacturer << label;
    EXPECT_EQ(found->number, 9);
  }
}

/// tests/renewal/journals/tables.txt is what the scripts make: a script that is changed, or one more, has to
/// say so there.
TEST_P(JournalUpgrade, ItsTablesAreThoseOfANewJournalAndAsWrittenDown) {
  const auto in_one_text = [&] {
    std::string text;
    for (const std::string& one : test::schema_of(file())) text += one.empty() ? "" : one + "\n";
    return text;
  };
  open();
  close();
  const auto upgraded = in_one_text();
  std::ifstream written_down(std::filesystem::path(JOURNALS) / "tables.txt");
  EXPECT_EQ(upgraded, std::string(std::istreambuf_iterator<char>(written_down), {}));
  std::filesystem::remove(file());
  open();
  close();
  EXPECT_EQ(upgraded, in_one_text());
}

/// Any connection, in this process, holds to REFERENCES meanwhile: as with a SQLite that is built with
/// SQLITE_DEFAULT_FOREIGN_KEYS=1.
class EveryConnectionHoldsToReferences {
 public:
  EveryConnectionHoldsToReferences() { EXPECT_EQ(sqlite3_auto_extension(entry()), SQLITE_OK); }
  ~EveryConnectionHoldsToReferences() { sqlite3_cancel_auto_extension(entry()); }
  EveryConnectionHoldsToReferences(const EveryConnectionHoldsToReferences&) = delete;
  EveryConnectionHoldsToReferences& operator=(const EveryConnectionHoldsToReferences&) = delete;

 private:
  static int hold(sqlite3* connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  }
  static void (*entry())() { return reinterpret_cast<void (*)()>(&hold); }
};

TEST_P(JournalUpgrade, ASqliteThatHoldsToReferencesUpgradesItToo) {
  const EveryConnectionHoldsToReferences meanwhile;
  open();
  EXPECT_EQ(journal().history(100).size(), 9U);
  Record another = record_of(token_a, State::planned);
  journal().save(another);
  EXPECT_EQ(test::run_sql(file(), "UPDATE renewal SET state = 'unheard of'"), SQLITE_CONSTRAINT);
  std::vector<std::string> broken;
  ASSERT_EQ(test::run_sql(file(), "PRAGMA foreign_key_check", &broken), SQLITE_OK);
  EXPECT_TRUE(broken.empty());
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
