// SPDX-License-Identifier: MIT
// The journal in one process: what goes in comes out, what must not be is refused, nothing is lost silently.
#include "renewal/journal/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "der_samples.hpp"
#include "journal_fixture.hpp"

namespace koshin::renewal {
namespace {

using test::at;
using test::certificate;
using test::JournalTest;
using test::record_of;
using test::token_a;
using test::token_b;
using test::token_with;

void expect_equal(const Record& a, const Record& b) {
  EXPECT_EQ(a.number, b.number);
  EXPECT_EQ(a.token, b.token);
  EXPECT_EQ(a.token_label, b.token_label);
  EXPECT_EQ(a.enrollment, b.enrollment);
  EXPECT_EQ(a.old_sha256, b.old_sha256);
  EXPECT_EQ(a.key_algorithm, b.key_algorithm);
  EXPECT_EQ(a.same_key, b.same_key);
  EXPECT_EQ(a.state, b.state);
  EXPECT_EQ(a.key_id, b.key_id);
  EXPECT_EQ(a.public_key, b.public_key);
  EXPECT_EQ(a.request, b.request);
  EXPECT_EQ(a.exchange_state, b.exchange_state);
  EXPECT_EQ(a.replaced_certificate, b.replaced_certificate);
  EXPECT_EQ(a.certificate, b.certificate);
  EXPECT_EQ(a.ask_again, b.ask_again);
  EXPECT_EQ(a.started, b.started);
  EXPECT_EQ(a.changed, b.changed);
  EXPECT_EQ(a.new_not_after, b.new_not_after);
}

TEST_F(JournalTest, KeepsEveryMemberOfARecordOverAReopening) {
  Record record = record_of(token_a, State::pending);
  record.same_key = true;
  record.pair_sent = record.pair_refused = true;
  record.wrong_answer = Reason::issued_usage_changed;
  record.wrong_answers = 2;
  record.exchange_state = {0, 1, 0xff};
  record.replaced_certificate = {40, 0, 41};
  record.ask_again = at("2026-12-01T00:00:00Z");
  record.last_failure = Failure{Reason::authority_busy, "come back \"later\"", std::chrono::seconds{90}};
  open().save(record);
  EXPECT_GT(record.number, 0);
  const auto found = reopen().unfinished(token_a);
  ASSERT_TRUE(found.has_value());
  expect_equal(*found, record);
  ASSERT_TRUE(found->last_failure.has_value());
  EXPECT_EQ(found->last_failure->reason, Reason::authority_busy);
  EXPECT_EQ(found->last_failure->detail, "come back \"later\"");
  EXPECT_EQ(found->last_failure->retry_after, std::chrono::seconds{90});
}

TEST_F(JournalTest, KeepsEveryStateThroughUpdates) {
  Record record = record_of(token_a, State::planned);
  auto& journal = open();
  journal.save(record);
  for (const State state : {State::generated, State::requested, State::pending, State::issued, State::written,
                            State::completed}) {
    const std::int64_t number = record.number;
    record = record_of(token_a, state);
    record.number = number;
    journal.save(record);
    ASSERT_EQ(journal.history(1).front().state, state) << to_string(state);
    EXPECT_EQ(journal.unfinished(token_a).has_value(), state != State::completed);
  }
  EXPECT_EQ(journal.history(10).size(), 1U);
}

TEST_F(JournalTest, AdmitsOneUnfinishedRenewalPerToken) {
  Record first = record_of(token_a, State::planned);
  Record second = record_of(token_a, State::planned);
  Record elsewhere = record_of(token_b, State::planned);
  auto& journal = open();
  journal.save(first);
  journal.save(elsewhere);
  EXPECT_EQ(reason_of([&] { journal.save(second); }), Reason::internal_error);
  EXPECT_EQ(second.number, 0);
  first.state = State::abandoned;
  journal.save(first);
  journal.save(second);
  EXPECT_EQ(journal.all_unfinished().size(), 2U);
}

TEST_F(JournalTest, AdmitsOneForEachOfTheTokensThatShareASerialNumber) {
  Record first = record_of(token_a, State::planned);
  Record second = record_of(token_a, State::planned);
  second.token_label = "the other one";
  auto& journal = open();
  journal.save(first);
  journal.save(second);
  EXPECT_EQ(journal.all_unfinished().size(), 2U);
  EXPECT_EQ(journal.unfinished(token_a)->number, second.number) << "the latest";
}

TEST_F(JournalTest, AFinishedRenewalIsNeverChanged) {
  Record record = record_of(token_a, State::completed);
  auto& journal = open();
  journal.save(record);
  record.state = State::planned;
  EXPECT_EQ(reason_of([&] { journal.save(record); }), Reason::internal_error);
  EXPECT_EQ(journal.history(1).front().state, State::completed);
}

TEST_F(JournalTest, RefusesAStateWithoutItsContent) {
  auto& journal = open();
  Record no_request = record_of(token_a, State::requested);
  no_request.request.clear();
  EXPECT_EQ(reason_of([&] { journal.save(no_request); }), Reason::internal_error);
  Record no_certificate = record_of(token_a, State::issued);
  no_certificate.certificate.clear();
  EXPECT_EQ(reason_of([&] { journal.save(no_certificate); }), Reason::internal_error);
  Record no_time = record_of(token_a, State::pending);
  no_time.ask_again.reset();
  EXPECT_EQ(reason_of([&] { journal.save(no_time); }), Reason::internal_error);
  Record no_id = record_of(token_a, State::planned);
  no_id.key_id.clear();
  EXPECT_EQ(reason_of([&] { journal.save(no_id); }), Reason::internal_error);
  EXPECT_TRUE(journal.history(10).empty());
}

TEST_F(JournalTest, ToldNewestFirstAndBounded) {
  auto& journal = open();
  for (int i = 0; i < 5; ++i) {
    Record record = record_of(token_a, State::completed);
    journal.save(record);
  }
  const auto history = journal.history(3);
  ASSERT_EQ(history.size(), 3U);
  EXPECT_GT(history[0].number, history[1].number);
  EXPECT_GT(history[1].number, history[2].number);
}

TEST_F(JournalTest, RemembersTokensAndReplacesWhatItKnew) {
  TokenMemory memory;
  memory.token = token_a;
  memory.label = "label with 'quotes' and 更新";
  memory.module = "/usr/lib/module.so";
  memory.certificate_sha256 = "ab";
  memory.last_seen = at("2026-11-22T00:00:00Z");
  memory.snoozed_at = at("2026-11-21T00:00:00Z");
  memory.last_decision = "due";
  memory.notified_threshold = "P7D";
  memory.pin_source_refused = true;
  memory.pin_source_stamp = "/path 1 2";
  memory.told_sha256 = "cd";
  memory.purpose = messages::Purpose::encryption;
  memory.snapshot =
      Snapshot{at("2026-11-20T00:00:00Z"), token_with({certificate("ab", "2027-01-01T00:00:00Z")})};
  open().remember(token_a, [&](TokenMemory& known) {
    EXPECT_EQ(known.token, token_a);
    known = memory;
  });
  memory.last_notified = at("2026-11-23T00:00:00Z");
  reopen().remember(token_a, [&](TokenMemory& known) {
    EXPECT_EQ(known.snoozed_at, memory.snoozed_at);
    known.snoozed_at.reset();
    known.last_notified = memory.last_notified;
  });
  const auto found = reopen().memory(token_a);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->label, memory.label);
  EXPECT_EQ(found->last_seen, memory.last_seen);
  EXPECT_EQ(found->told_sha256, "cd");
  EXPECT_EQ(found->purpose, messages::Purpose::encryption);
  ASSERT_TRUE(found->snapshot.has_value());
  EXPECT_EQ(found->snapshot->at, memory.snapshot->at);
  EXPECT_EQ(found->snapshot->report.certificates.at(0).not_after, at("2027-01-01T00:00:00Z"));
  EXPECT_EQ(found->snoozed_at, std::nullopt);
  EXPECT_EQ(found->last_notified, memory.last_notified);
  EXPECT_EQ(found->not_after, std::nullopt);
  EXPECT_TRUE(found->pin_source_refused);
  EXPECT_EQ(found->pin_source_stamp, "/path 1 2");
  EXPECT_EQ(journal().memories().size(), 1U);
  EXPECT_EQ(journal().memory(token_b), std::nullopt);
}

TEST_F(JournalTest, IsReadableByItsOwnerOnly) {
  Record record = record_of(token_a, State::planned);
  open().save(record);
  using std::filesystem::perms;
  for (const auto& entry : std::filesystem::directory_iterator(file().parent_path())) {
    EXPECT_EQ(entry.status().permissions() & (perms::group_all | perms::others_all), perms::none)
        << entry.path();
  }
}

TEST_F(JournalTest, AFileOfANewerProgramIsLeftAlone) {
  open();
  close();
  execute("PRAGMA user_version = 99");
  EXPECT_THAT(open_failure().detail, ::testing::HasSubstr("newer"));
  EXPECT_EQ(open_failure().reason, Reason::journal_unusable);
  EXPECT_EQ(files().size(), 1U) << "nothing is set aside";
}

TEST_F(JournalTest, TwoThatRememberAtOnceLoseNothingOfEachOther) {
  open();
  const auto write = [&](std::string TokenMemory::*member) {
    const auto journal = Journal::open(file());
    for (int i = 0; i < 30; ++i)
      journal->remember(token_a, [&](TokenMemory& memory) { memory.*member += "x"; });
  };
  std::thread agent(write, &TokenMemory::last_decision);
  write(&TokenMemory::pin_source_stamp);
  agent.join();
  const auto memory = reopen().memory(token_a);
  ASSERT_TRUE(memory.has_value());
  EXPECT_EQ(memory->last_decision, std::string(30, 'x'));
  EXPECT_EQ(memory->pin_source_stamp, std::string(30, 'x'));
}

TEST_F(JournalTest, ADatabaseOfAnotherProgramIsLeftAlone) {
  execute("CREATE TABLE theirs (x)");
  EXPECT_THAT(open_failure().detail, ::testing::HasSubstr("another program"));
  EXPECT_EQ(files().size(), 1U);
}

/// A process that shows nobody its failures does not take the only word of it.
TEST_F(JournalTest, ADamagedFileIsLeftForWhoeverSaysSo) {
  std::ofstream(file()) << std::string(5000, 'x');
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(reason_of([&] { (void)Journal::open_unless_damaged(file()); }), Reason::journal_unusable);
    EXPECT_TRUE(std::filesystem::exists(file()));
  }
  EXPECT_THAT(open_failure().detail, ::testing::HasSubstr("is forgotten"));
  EXPECT_NE(Journal::open_unless_damaged(file()), nullptr) << "a new one is made";
}

TEST_F(JournalTest, ADamagedFileIsKeptAsideAndSaidAloudOnce) {
  std::ofstream(file()) << "this is no database, but it was a journal once: " << std::string(4096, 'x');
  const Failure failure = open_failure();
  EXPECT_EQ(failure.reason, Reason::journal_unusable);
  EXPECT_THAT(failure.detail, ::testing::HasSubstr(".damaged-"));
  EXPECT_THAT(failure.detail, ::testing::HasSubstr("koshin inspect"));
  ASSERT_EQ(files().size(), 1U);
  EXPECT_THAT(files().front(), ::testing::HasSubstr(".damaged-"));
  EXPECT_TRUE(open().history(1).empty());
}

TEST_F(JournalTest, DamageInsideIsFoundWhenOpening) {
  for (int i = 0; i < 30; ++i) {
    Record record = record_of(token_a, State::completed);
    record.public_key = test::public_key(1);
    record.request = test::request_der(record.public_key);
    record.certificate = test::certificate_der(record.public_key, 2700);
    (i == 0 ? open() : journal()).save(record);
  }
  close();
  std::fstream damage(file(), std::ios::in | std::ios::out | std::ios::binary);
  damage.seekp(4096);
  damage << std::string(12288, '\xff');
  damage.close();
  EXPECT_EQ(open_failure().reason, Reason::journal_unusable);
  EXPECT_EQ(open().history(100).size(), 30U) << "none of them was in the damaged pages";
}

TEST_F(JournalTest, AFolderThatIsNotThereIsAFailureWithAdvice) {
  try {
    Journal::open(file().parent_path() / "missing" / "journal.sqlite");
    FAIL() << "no exception";
  } catch (const FailureError& error) {
    EXPECT_EQ(error.failure().reason, Reason::journal_unusable);
    EXPECT_THAT(error.failure().detail, ::testing::HasSubstr("folder"));
  }
}

}  // namespace
}  // namespace koshin::renewal
