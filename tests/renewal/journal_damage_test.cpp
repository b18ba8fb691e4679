// SPDX-License-Identifier: MIT
// A damaged journal: what can still be read of it goes on, and no cut and no second process loses that.
#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "der_samples.hpp"
#include "enrollment/x509/certificate.hpp"
#include "foundation/base/text.hpp"
#include "journal_fixture.hpp"
#include "renewal/journal/journal_rescue.hpp"
#include "renewal/journal/row_content.hpp"

namespace koshin::renewal {
namespace {

using test::JournalTest;
using test::record_of;
using test::token_a;
using test::token_b;
using testing::HasSubstr;

constexpr std::size_t page = 4096;

/// A record whose content is whole, as a renewal writes it.
Record whole_record(const TokenKey& token, State state, std::uint8_t key = 1) {
  Record record = record_of(token, state);
  record.public_key = test::public_key(key);
  record.request = test::request_der(record.public_key);
  record.certificate = test::certificate_der(record.public_key);
  return record;
}

class DamagedJournal : public JournalTest {
 protected:
  /// A page of the records' table holds one of these.
  static constexpr int finished_records = 60;
  const test::Der old_ = test::certificate_der(test::public_key(9));

  void SetUp() override {
    open();
    for (int i = 0; i < finished_records; ++i) {
      Record record = whole_record(token_b, State::completed);
      record.certificate = test::certificate_der(record.public_key, 2700);
      journal().save(record);
    }
    Record unfinished = whole_record(token_a, State::pending);
    unfinished.exchange_state = {7, 7, 7};
    unfinished.replaced_certificate = old_;
    unfinished.old_sha256 = enrollment::sha256_of(old_);
    journal().save(unfinished);
    journal().remember(token_a, [](TokenMemory& memory) {
      memory.label = "demo";
      memory.last_decision = "due";
      memory.pin_source_refused = true;
    });
    journal().remember(token_a, "ume", [](TokenMemory& memory) { memory.last_decision = "not_due"; });
    journal().remember_mailed("cafe", "P7D", record_of(token_a, State::planned).started);
    close();
  }
  void damage_page(std::size_t number) const {
    std::fstream bytes(file(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(number * page));
    bytes << std::string(page, '\xff');
  }
  /// Overwrites one page in the middle of the file.
  void damage() const { damage_page(std::filesystem::file_size(file()) / page / 2); }
  std::filesystem::path rescued() const { return file().string() + ".rescued"; }
  std::size_t damaged_ones() const {
    const auto all = files();
    return static_cast<std::size_t>(std::ranges::count_if(all, [](const std::string& name) {
      return name.find(".damaged-") != std::string::npos && !name.ends_with("-wal") &&
             !name.ends_with("-shm");
    }));
  }
  void expect_that_it_goes_on() {
    open();
    const auto unfinished = journal().unfinished(token_a);
    ASSERT_TRUE(unfinished.has_value());
    EXPECT_EQ(unfinished->state, State::pending);
    EXPECT_EQ(unfinished->request, test::request_der(test::public_key(1)));
    EXPECT_EQ(unfinished->exchange_state, (std::vector<std::uint8_t>{7, 7, 7}));
    EXPECT_EQ(unfinished->replaced_certificate, old_);
    EXPECT_TRUE(journal().memory(token_a)->pin_source_refused) << "a refused PIN is not presented again";
    EXPECT_EQ(journal().memory(token_a, "ume")->last_decision, "not_due");
    EXPECT_TRUE(journal().mailed("cafe", "P7D"));
    const std::size_t records = journal().history(1000).size();
    EXPECT_GE(records, finished_records - 1U) << "of both sides of the damaged page";
    EXPECT_LE(records, finished_records + 1U);
    Record next = record_of(token_b, State::planned);
    journal().save(next);
    EXPECT_GT(next.number, finished_records) << "no number is given twice";
    EXPECT_FALSE(std::filesystem::exists(rescued()));
    close();
  }
};

TEST_F(DamagedJournal, GoesOnWithWhatCanStillBeRead) {
  damage();
  const Failure failure = open_failure();
  EXPECT_EQ(failure.reason, Reason::journal_unusable);
  EXPECT_THAT(failure.detail, HasSubstr(".damaged-"));
  EXPECT_THAT(failure.detail, HasSubstr("1 of them unfinished, and what is known of 1 token(s)"));
  EXPECT_EQ(damaged_ones(), 1U);
  expect_that_it_goes_on();
}

TEST_F(DamagedJournal, GoesOnAfterACutBeforeTheRescuedOneWasInPlace) {
  damage();
  open_failure();
  // As it stands between the last two steps, and the old one's log not yet away.
  std::filesystem::rename(file(), rescued());
  const std::string log = "the log of the damaged one";
  std::ofstream(file().string() + "-wal") << log;
  expect_that_it_goes_on();
  const auto all = files();
  const auto holds_the_log = [&](const std::string& name) {
    return name.find(".damaged-") != std::string::npos && name.ends_with("-wal") &&
           std::filesystem::file_size(file().parent_path() / name) == log.size();
  };
  EXPECT_TRUE(std::ranges::any_of(all, holds_the_log)) << "the log of the damaged one is kept";
}

TEST_F(DamagedJournal, IsReadAnewAfterACutBeforeItWasAway) {
  damage();
  std::ofstream(rescued()) << "half of what was to be rescued";
  EXPECT_THAT(open_failure().detail, HasSubstr("1 of them unfinished"));
  expect_that_it_goes_on();
}

TEST_F(DamagedJournal, IsReplacedByOneOfThoseThatFindIt) {
  damage();
  std::atomic<int> told = 0;
  const auto open_one = [&] {
    if (reason_of([&] { Journal::open(file()); }) == Reason::journal_unusable) ++told;
  };
  std::vector<std::thread> all;
  for (int i = 0; i < 4; ++i) all.emplace_back(open_one);
  for (std::thread& one : all) one.join();
  EXPECT_EQ(told, 1);
  EXPECT_EQ(damaged_ones(), 1U) << "none has put aside the new one";
  expect_that_it_goes_on();
}

TEST_F(DamagedJournal, OfAnEarlierVersionIsBroughtUpToDateToo) {
  std::filesystem::remove(file());
  test::make_old_journal(file(), JOURNALS, 8);
  // Those have a few bytes in place of DER.
  const auto key = test::public_key(1);
  execute("UPDATE renewal SET public_key = X'" + to_hex(key) + "' WHERE public_key NOT NULL");
  execute("UPDATE renewal SET request = X'" + to_hex(test::request_der(key)) + "' WHERE request NOT NULL");
  execute("UPDATE renewal SET certificate = X'" + to_hex(test::certificate_der(key)) +
          "' WHERE certificate NOT NULL");
  damage_page(std::filesystem::file_size(file()) / page - 1);
  EXPECT_THAT(open_failure().detail, HasSubstr("9 renewal(s), 7 of them unfinished"));
  EXPECT_EQ(open().all_unfinished().size(), 7U);
}

TEST_F(DamagedJournal, WithoutATableGoesOnWithTheOthers) {
  execute("DROP TABLE mail");
  EXPECT_THAT(open_failure().detail, HasSubstr("1 of them unfinished, and what is known of 1 token(s)"));
  EXPECT_FALSE(open().mailed("cafe", "P7D"));
  EXPECT_TRUE(open().unfinished(token_a).has_value());
}

TEST_F(DamagedJournal, WithATableWhosePlaceIsDamagedGoesOnWithTheOthers) {
  execute("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'mail'");
  EXPECT_THAT(open_failure().detail, HasSubstr("1 of them unfinished, and what is known of 1 token(s)"));
  EXPECT_TRUE(open().unfinished(token_a).has_value());
}

TEST_F(DamagedJournal, ThatWasCutOffGoesOnWithItsBeginning) {
  std::filesystem::resize_file(file(), std::filesystem::file_size(file()) / 2);
  EXPECT_THAT(open_failure().detail, HasSubstr("was taken over"));
  EXPECT_TRUE(open().memory(token_a)->pin_source_refused);
  EXPECT_GT(open().history(1000).size(), 10U);
}

TEST_F(DamagedJournal, ThatDoesNotSayItsVersionAnyMoreGivesNothing) {
  execute("PRAGMA application_id = 0");
  damage();
  EXPECT_FALSE(rescue(file(), rescued()).anything());
  EXPECT_FALSE(std::filesystem::exists(rescued()));
}

TEST_F(DamagedJournal, GivesNoRowThatItsTableDoesNotTake) {
  execute(
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (enrollment IN (0, "
      "1))', '')"
      " WHERE name = 'renewal'");
  execute("UPDATE renewal SET enrollment = 7 WHERE number = 1");
  damage();
  open_failure();
  for (const Record& record : open().history(1000)) EXPECT_NE(record.number, 1);
}

TEST_F(DamagedJournal, GivesNothingOfATableThatIsNotOfItsVersion) {
  execute("PRAGMA user_version = 8");
  damage();
  EXPECT_THAT(open_failure().detail, HasSubstr("0 renewal(s)"));
  EXPECT_EQ(damaged_ones(), 1U);
  EXPECT_TRUE(open().mailed("cafe", "P7D")) << "this one has been the same since";
  EXPECT_TRUE(journal().history(10).empty());
}

TEST_F(DamagedJournal, FromWhichNothingCanBeCopiedDoesNotStopKoshinForGood) {
  execute("INSERT INTO state VALUES ('of another koshin', 0, 0, 0, 0, 0)");
  execute("UPDATE renewal SET state = 'of another koshin' WHERE number = 1; DROP TABLE mail");
  EXPECT_THAT(open_failure().detail, HasSubstr("The next run begins a new journal."));
  EXPECT_EQ(damaged_ones(), 1U);
  EXPECT_TRUE(open().history(1000).empty());
}

TEST_F(DamagedJournal, WhoseLogCannotBePutAwayIsNotFollowedByAnotherDatabase) {
  // With this name there is room in a folder for the log's name, and none for the one that it would be kept
  // by.
  const std::filesystem::path long_name = file().parent_path() / std::string(225, 'j');
  const std::string log = long_name.string() + "-wal";
  std::filesystem::rename(file(), long_name.string() + ".rescued");
  std::ofstream(log) << "the log of the damaged one";
  EXPECT_EQ(reason_of([&] { Journal::open(long_name); }), Reason::journal_unusable);
  EXPECT_FALSE(std::filesystem::exists(long_name)) << "SQLite would apply the log to it";
  std::filesystem::remove(log);
  EXPECT_TRUE(Journal::open(long_name)->unfinished(token_a).has_value());
}

TEST_F(DamagedJournal, TooLargeToBeLookedThroughIsLookedThroughOnceReadingHasMetTheDamage) {
  execute("CREATE TABLE filling (content BLOB); INSERT INTO filling VALUES (zeroblob(9000000))");
  std::vector<std::string> root;
  ASSERT_EQ(test::run_sql(file(), "SELECT rootpage FROM sqlite_schema WHERE name = 'token'", &root),
            SQLITE_OK);
  damage_page(std::stoul(root.at(0)) - 1);
  open();
  EXPECT_EQ(reason_of([&] { journal().memories(); }), Reason::journal_unusable);
  close();
  EXPECT_EQ(reason_of([&] { Journal::open_unless_damaged(file()); }), Reason::journal_unusable);
  EXPECT_THAT(open_failure().detail, HasSubstr("1 of them unfinished"));
  for (const std::string& name : files()) EXPECT_EQ(name.find("suspect"), std::string::npos) << name;
  EXPECT_TRUE(open().unfinished(token_a).has_value());
}

TEST_F(DamagedJournal, IsLeftByWhoeverTellsNobody) {
  damage();
  const auto when_needed = Journal::open_when_needed(file(), current_time, IfDamaged::leave);
  EXPECT_EQ(reason_of([&] { when_needed->ensure_open(); }), Reason::journal_unusable);
  EXPECT_EQ(reason_of([&] { Journal::open_to_show(file(), IfDamaged::leave); }), Reason::journal_unusable);
  EXPECT_EQ(damaged_ones(), 0U);
  EXPECT_EQ(reason_of([&] { Journal::open_when_needed(file())->ensure_open(); }), Reason::journal_unusable);
  EXPECT_EQ(damaged_ones(), 1U);
}

}  // namespace
}  // namespace koshin::renewal
