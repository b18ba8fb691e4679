// SPDX-License-Identifier: MIT
// A damaged journal whose long rows SQLite reads without an error, with garbage of overwritten pages in them.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "der_samples.hpp"
#include "enrollment/x509/certificate.hpp"
#include "journal_fixture.hpp"
#include "renewal/journal/row_content.hpp"

namespace koshin::renewal {
namespace {

using test::Der;
using test::JournalTest;
using test::record_of;
using test::token_a;
using test::token_b;
using testing::HasSubstr;
using testing::Not;

/// The parameter: what the page is overwritten with.
class GarbageInJournal : public JournalTest, public ::testing::WithParamInterface<char> {
 protected:
  static constexpr std::size_t page = 4096;
  static constexpr std::size_t longer_than_a_page = 6000;

  static Record whole(const TokenKey& token, State state, std::size_t length_of_certificate) {
    Record record = record_of(token, state);
    record.public_key = test::public_key(1);
    record.request = test::request_der(record.public_key);
    record.certificate = test::certificate_der(record.public_key, length_of_certificate);
    return record;
  }
  /// Saves both, so that the one of token_b is whole whatever happens to the other's pages.
  void keep(Record record) {
    open();
    Record other = whole(token_b, State::completed, 0);
    journal().save(other);
    journal().save(record);
    close();
  }
  /// Overwrites each overflow page (file format section 1.6: four bytes of the next page's number, then
  /// content) but for that number, so that SQLite follows the chain.
  void overwrite_overflow_pages(std::size_t of_which = 0) {
    std::vector<std::string> numbers;
    ASSERT_EQ(test::run_sql(file(), "SELECT pageno FROM dbstat WHERE pagetype = 'overflow' ORDER BY path",
                            &numbers),
              SQLITE_OK);
    ASSERT_GT(numbers.size(), of_which);
    const auto number = static_cast<std::size_t>(std::stoul(numbers.at(of_which)));
    std::fstream bytes(file(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>((number - 1) * page + 4));
    bytes << std::string(page - 4, GetParam());
  }
  /// The page of an index, without which quick_check does not find the file damaged.
  void damage_index() {
    std::vector<std::string> number;
    ASSERT_EQ(test::run_sql(file(),
                            "SELECT rootpage FROM sqlite_schema WHERE type = 'index' AND name LIKE "
                            "'one_unfinished_enrolment%'",
                            &number),
              SQLITE_OK);
    std::fstream bytes(file(), std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>((std::stoul(number.at(0)) - 1) * page));
    bytes << std::string(page, '\xff');
  }
};

INSTANTIATE_TEST_SUITE_P(Overwritten, GarbageInJournal, ::testing::Values('\xff', 'A', '\0'));

TEST_P(GarbageInJournal, ARecordWhoseCertificateIsGarbageIsLeftOutAndThatIsSaid) {
  keep(whole(token_a, State::issued, longer_than_a_page));
  overwrite_overflow_pages();
  damage_index();
  EXPECT_THAT(open_failure().detail, HasSubstr("Of 1 entries the content is damaged: they were left out."));
  EXPECT_TRUE(open().history_of(token_a, 10).empty());
  EXPECT_EQ(journal().history_of(token_b, 10).size(), 1U);
}

TEST_P(GarbageInJournal, ALongRecordThatIsWholeIsTaken) {
  const Record record = whole(token_a, State::issued, longer_than_a_page);
  keep(record);
  damage_index();
  EXPECT_THAT(open_failure().detail, Not(HasSubstr("left out")));
  EXPECT_EQ(open().unfinished(token_a)->certificate, record.certificate);
}

TEST_P(GarbageInJournal, AnOldCertificateThatIsGarbageIsNotTakenToBeWrittenBack) {
  Record record = whole(token_a, State::written, 0);
  record.replaced_certificate = test::certificate_der(test::public_key(9), longer_than_a_page);
  record.old_sha256 = enrollment::sha256_of(record.replaced_certificate);
  keep(record);
  overwrite_overflow_pages();
  damage_index();
  EXPECT_THAT(open_failure().detail,
              HasSubstr("1 renewal(s) were taken over without the old certificate that is written back"));
  const auto left = open().unfinished(token_a);
  ASSERT_TRUE(left.has_value());
  EXPECT_EQ(left->certificate, record.certificate);
  EXPECT_TRUE(left->replaced_certificate.empty());
}

TEST_P(GarbageInJournal, WhatTheProtocolKeepsIsNotTakenWhereItMayBeGarbageToo) {
  Record record = whole(token_a, State::pending, 0);
  record.exchange_state = {7, 7};
  record.replaced_certificate = test::certificate_der(test::public_key(9), longer_than_a_page);
  record.old_sha256 = enrollment::sha256_of(record.replaced_certificate);
  keep(record);
  overwrite_overflow_pages();
  damage_index();
  EXPECT_THAT(open_failure().detail, HasSubstr("left out"));
  EXPECT_FALSE(open().unfinished(token_a).has_value());
}

TEST_P(GarbageInJournal, ASnapshotThatIsGarbageIsDroppedAndTheRefusedPinIsNot) {
  open();
  journal().remember(token_a, [](TokenMemory& memory) {
    memory.label = "demo";
    memory.pin_source_refused = true;
    memory.email = "user@example.com";
    messages::TokenReport report;
    for (int i = 0; i < 20; ++i)
      report.certificates.push_back(test::certificate("a1", "2027-06-01T00:00:00Z"));
    memory.snapshot = Snapshot{test::at("2026-11-22T22:00:00Z"), report};
  });
  ASSERT_TRUE(journal().memory(token_a)->snapshot.has_value());
  close();
  overwrite_overflow_pages();
  damage_index();
  open_failure();
  std::vector<std::string> looked;
  open();
  const auto memory = journal().memory(token_a);
  ASSERT_EQ(test::run_sql(file(), "SELECT looked FROM token", &looked), SQLITE_OK);
  if (GetParam() == '\xff') {  // no text
    EXPECT_FALSE(memory.has_value());
    return;
  }
  ASSERT_TRUE(memory.has_value());
  EXPECT_TRUE(memory->pin_source_refused) << "a refused PIN is not presented again";
  EXPECT_EQ(looked, std::vector<std::string>{""});
  EXPECT_EQ(memory->email, "");
}

TEST(RowContent, TellsCertificatesAndRequestsOfAKeyFromGarbage) {
  const Der key = test::public_key(1);
  const Der certificate = test::certificate_der(key, 500);
  const Der request = test::request_der(key);
  EXPECT_TRUE(is_certificate_for(certificate, key));
  EXPECT_TRUE(is_request_for(request, key));
  EXPECT_FALSE(is_certificate_for(certificate, test::public_key(2)));
  EXPECT_FALSE(is_request_for(request, test::public_key(2)));
  EXPECT_FALSE(is_certificate_for(request, key));
  EXPECT_FALSE(is_request_for(certificate, key));
  EXPECT_FALSE(is_certificate_for({}, key));
  for (std::size_t length = 0; length < certificate.size(); ++length)
    EXPECT_FALSE(is_certificate_for(std::span(certificate).first(length), key)) << length;
  Der longer = certificate;
  longer.push_back(0);
  EXPECT_FALSE(is_certificate_for(longer, key));
  for (const char garbage : {'\xff', 'A', '\0'}) {
    Der damaged = certificate;
    std::fill(damaged.begin() + 200, damaged.end(), static_cast<std::uint8_t>(garbage));
    EXPECT_FALSE(is_certificate_for(damaged, key)) << int{garbage};
  }
}

}  // namespace
}  // namespace koshin::renewal
