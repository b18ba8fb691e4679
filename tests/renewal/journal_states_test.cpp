// SPDX-License-Identifier: MIT
// The states in the journal's own table: wrong content is refused by the database, whoever writes it, and a
// state that only a newer koshin knows is never taken for another one.
#include <gmock/gmock.h>

#include "journal_fixture.hpp"

namespace koshin::renewal {
namespace {

using test::JournalTest;
using test::record_of;
using test::run_sql;
using test::token_a;
using test::token_b;
using ::testing::HasSubstr;

/// A record as a program that is not koshin may write it.
struct Row {
  std::string state = "planned";
  int finished = 0;
  bool public_key = true, request = true, certificate = true, ask_again = true;
  std::string serial = "serial-a", old_sha256 = std::string(64, 'a');
};

std::string value(bool there, const char* what) {
  return there ? what : "NULL";
}

std::string inserting(const Row& row) {
  return "INSERT INTO renewal (manufacturer, model, serial, token_label, enrollment, old_sha256, "
         "key_algorithm,"
         " same_key, state, finished, key_id, public_key, request, certificate, ask_again, started, changed,"
         " new_not_after, pair_sent, pair_refused, wrong_answers, bank) VALUES ('KeyManager', 'Model', '" +
         row.serial + "', 'demo', 0, '" + row.old_sha256 + "', 'ec-p256', 0, '" + row.state + "', " +
         std::to_string(row.finished) + ", x'01', " + value(row.public_key, "x'02'") + ", " +
         value(row.request, "x'03'") + ", " + value(row.certificate, "x'04'") + ", " +
         value(row.ask_again, "5") + ", 0, 0, 0, 0, 0, 0, '')";
}

Row complete(const StateRow& state) {
  Row row;
  row.state = state.name;
  row.finished = static_cast<int>(state.finished);
  return row;
}

using StatesInJournal = JournalTest;

TEST_F(StatesInJournal, TheDatabaseAdmitsEachWithItsContentAndNothingLess) {
  open();
  close();
  int next = 0;
  for (const StateRow& state : state_rows) {
    const RecordContent& needed = state.requires_content;
    for (const auto& [required, member, column] :
         {std::tuple{needed.public_key, &Row::public_key, "public_key"},
          std::tuple{needed.request, &Row::request, "request"},
          std::tuple{needed.certificate, &Row::certificate, "certificate"},
          std::tuple{needed.ask_again, &Row::ask_again, "ask_again"}}) {
      SCOPED_TRACE(std::string(state.name) + " without " + column);
      Row row = complete(state);
      row.serial = std::to_string(++next);
      EXPECT_EQ(run_sql(file(), inserting(row)), SQLITE_OK);
      const std::string change = std::string("UPDATE renewal SET ") + column + " = NULL WHERE serial = '";
      EXPECT_EQ(run_sql(file(), change + row.serial + "'"), required ? SQLITE_CONSTRAINT : SQLITE_OK);
      row.serial = std::to_string(++next);
      row.*member = false;
      EXPECT_EQ(run_sql(file(), inserting(row)), required ? SQLITE_CONSTRAINT : SQLITE_OK);
    }
  }
}

TEST_F(StatesInJournal, TheDatabaseAdmitsNoOtherStateAndNoSecondUnfinishedOne) {
  open();
  close();
  Row unknown;
  unknown.state = "Planned";
  EXPECT_EQ(run_sql(file(), inserting(unknown)), SQLITE_CONSTRAINT);
  EXPECT_EQ(run_sql(file(), inserting(Row{})), SQLITE_OK);
  for (const char* change : {"state = 'Planned'", "state = NULL", "state = 'completed', finished = 2",
                             "key_id = x''", "finished = NULL"})
    EXPECT_EQ(run_sql(file(), std::string("UPDATE renewal SET ") + change), SQLITE_CONSTRAINT) << change;
  EXPECT_EQ(run_sql(file(), inserting(Row{})), SQLITE_CONSTRAINT) << "a second one for this certificate";
  EXPECT_EQ(run_sql(file(), "UPDATE renewal SET state = 'completed', finished = 1"), SQLITE_OK);
  EXPECT_EQ(run_sql(file(), inserting(Row{})), SQLITE_OK) << "the first is finished";
}

TEST_F(StatesInJournal, WhetherARecordIsFinishedIsItsStatesAffairWhateverIsWritten) {
  open();
  close();
  for (const StateRow& state : state_rows) {
    Row row = complete(state);
    row.serial = state.name;
    row.finished = 1 - row.finished;
    EXPECT_EQ(run_sql(file(), inserting(row)), SQLITE_OK) << state.name;
  }
  const auto wrong = [this] {
    std::vector<std::string> found;
    run_sql(file(),
            "SELECT state FROM renewal JOIN state ON name = state WHERE renewal.finished <> state.finished",
            &found);
    return found;
  };
  EXPECT_THAT(wrong(), ::testing::IsEmpty());
  execute("UPDATE renewal SET finished = 1 - finished");
  EXPECT_THAT(wrong(), ::testing::IsEmpty());
  Row second = complete(row(State::planned));
  second.serial = "planned";
  second.finished = 1;
  EXPECT_EQ(run_sql(file(), inserting(second)), SQLITE_CONSTRAINT) << "one is unfinished";
}

/// Its file was upgraded by another process: its statements do not know of `finished`.
TEST_F(StatesInJournal, AnEarlierKoshinInTheMidstOfARenewalFinishesIt) {
  open();
  close();
  std::string inserted = inserting(Row{});
  inserted.replace(inserted.find(" finished,"), sizeof " finished," - 1, "");
  inserted.replace(inserted.find("'planned', 0"), sizeof "'planned', 0" - 1, "'planned'");
  EXPECT_EQ(run_sql(file(), inserted), SQLITE_OK);
  EXPECT_EQ(run_sql(file(), inserted), SQLITE_CONSTRAINT) << "one is unfinished";
  for (const char* state : {"generated", "issued", "written", "completed"})
    EXPECT_EQ(run_sql(file(), std::string("UPDATE renewal SET state = '") + state +
                                  "' WHERE number = 1 AND state NOT IN ('completed', 'abandoned')"),
              SQLITE_OK);
  EXPECT_TRUE(open().all_unfinished().empty());
  EXPECT_EQ(journal().history(1).front().state, State::completed);
  EXPECT_EQ(run_sql(file(), inserted), SQLITE_OK) << "the first is finished";
}

/// What a newer koshin does to the file whose table of states has one that this one does not know.
constexpr const char* newer_state = "INSERT INTO state VALUES ('touched', 0, 1, 0, 0, 0)";

TEST_F(StatesInJournal, ANewStateOfANewerKoshinCountsAtOnceAndIsNeverMisread) {
  Record mine = record_of(token_a, State::generated);
  open().save(mine);
  execute(newer_state);
  EXPECT_TRUE(reopen().unfinished(token_a).has_value()) << "no record is in it";
  EXPECT_TRUE(Journal::open_to_read(file())->unfinished(token_a).has_value());

  Row row;
  row.state = "touched";
  row.serial = "serial-b";
  row.public_key = false;
  EXPECT_EQ(run_sql(file(), inserting(row)), SQLITE_CONSTRAINT) << "it requires a public key";
  row.public_key = true;
  execute(inserting(row));
  row.request = false;
  EXPECT_EQ(run_sql(file(), inserting(row)), SQLITE_CONSTRAINT) << "a second one of an unfinished state";
  // Opened before the newer koshin has written it:
  EXPECT_EQ(reason_of([&] { (void)journal().all_unfinished(); }), Reason::journal_unusable);
  EXPECT_EQ(reason_of([&] { (void)journal().history(10); }), Reason::journal_unusable);
  EXPECT_EQ(reason_of([&] { (void)journal().unfinished(token_b); }), Reason::journal_unusable);
  EXPECT_TRUE(journal().unfinished(token_a).has_value());
  close();
  EXPECT_THAT(open_failure().detail, HasSubstr("newer koshin (state \"touched\")"));
  EXPECT_EQ(open_failure().reason, Reason::journal_unusable);
  EXPECT_EQ(reason_of([&] { (void)Journal::open_to_read(file()); }), Reason::journal_unusable);
  for (const std::string& name : files()) EXPECT_EQ(name.find("damaged"), std::string::npos) << name;
}

TEST_F(StatesInJournal, AFinishedRecordInANewStateIsNotMisreadEither) {
  open();
  close();
  execute("INSERT INTO state VALUES ('recalled', 1, 0, 0, 0, 0)");
  Row row;
  row.state = "recalled";
  row.finished = 1;
  execute(inserting(row));
  EXPECT_THAT(open_failure().detail, HasSubstr("recalled"));
}

TEST_F(StatesInJournal, AStateThatTheFileLacksIsAddedAtTheNextOpening) {
  Record mine = record_of(token_a, State::generated);
  open().save(mine);
  close();
  execute("DELETE FROM state WHERE name = 'issued'");  // as an older koshin with this schema has left it
  EXPECT_TRUE(Journal::open_to_read(file())->unfinished(token_a).has_value()) << "nothing can be in it";
  EXPECT_EQ(run_sql(file(), "UPDATE renewal SET state = 'issued', certificate = x'01'"), SQLITE_CONSTRAINT);
  open();
  mine.state = State::issued;
  mine.certificate = {1};
  journal().save(mine);
  EXPECT_EQ(reopen().unfinished(token_a)->state, State::issued);
}

TEST_F(StatesInJournal, AFileThatRequiresSomethingElseOfAStateIsLeftAlone) {
  for (const char* change : {"public_key = 0 WHERE name = 'generated'", "finished = 1 WHERE name = 'pending'",
                             "ask_again = 1 WHERE name = 'planned'"}) {
    open();
    close();
    execute(std::string("UPDATE state SET ") + change);
    EXPECT_THAT(open_failure().detail, HasSubstr("requires something else")) << change;
    EXPECT_EQ(reason_of([&] { (void)Journal::open_to_read(file()); }), Reason::journal_unusable) << change;
    std::filesystem::remove(file());
  }
}

TEST(States, HaveOneSpellingEach) {
  for (const StateRow& row : state_rows) {
    EXPECT_EQ(parse_state(to_string(row.state)), row.state);
    EXPECT_EQ(is_unfinished(row.state), row.state != State::completed && row.state != State::abandoned);
  }
  EXPECT_EQ(parse_state("Planned"), std::nullopt);
  EXPECT_EQ(parse_state(""), std::nullopt);
}

/// Journals in the field have these rows: what is changed here needs a script in journal_scripts.cpp.
TEST(States, RequireWhatTheirJournalsHaveInThem) {
  std::vector<std::string> rows;
  for (const StateRow& row : state_rows) {
    const RecordContent& content = row.requires_content;
    std::string text = std::string(row.name) + (row.finished ? " finished" : "");
    if (content.public_key) text += " public_key";
    if (content.request) text += " request";
    if (content.certificate) text += " certificate";
    if (content.ask_again) text += " ask_again";
    rows.push_back(text);
  }
  EXPECT_THAT(
      rows, ::testing::IsSupersetOf({"planned", "generated public_key", "requested public_key request",
                                     "pending public_key request ask_again", "issued public_key certificate",
                                     "written public_key certificate",
                                     "completed finished public_key certificate", "abandoned finished"}));
}

}  // namespace
}  // namespace koshin::renewal
