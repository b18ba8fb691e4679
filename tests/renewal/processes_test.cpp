// SPDX-License-Identifier: MIT
// Several processes and one journal, one token: SIGKILL loses nothing that was saved, locks hold and die with
// their holder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <set>

#include "foundation/system/handle_io.hpp"
#include "journal_fixture.hpp"
#include "support/environment.hpp"

namespace koshin::renewal {
namespace {

using test::record_of;
using test::token_a;
using test::token_b;

/// A forked child that runs `work` with a pipe to its parent.
class Child {
 public:
  explicit Child(const std::function<void(int to_parent)>& work) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    process_ = ::fork();
    if (process_ == 0) {
      ::close(ends[0]);
      int code = 0;
      try {
        work(ends[1]);
      } catch (const std::exception&) {
        code = 1;
      }
      ::_exit(code);
    }
    ::close(ends[1]);
    from_child_ = ends[0];
  }
  ~Child() {
    kill();
    ::close(from_child_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// One number that the child has sent; 0 at the end.
  std::int64_t next() const {
    std::int64_t number = 0;
    std::span<char> rest(reinterpret_cast<char*>(&number), sizeof number);
    while (!rest.empty()) {
      const std::size_t count = read_some(from_child_, rest);
      if (count == 0) return 0;
      rest = rest.subspan(count);
    }
    return number;
  }
  void kill() {
    if (process_ > 0) ::kill(process_, SIGKILL);
    wait();
  }
  int wait() {
    int status = 0;
    if (process_ > 0) ::waitpid(process_, &status, 0);
    process_ = 0;
    return status;
  }
  pid_t process() const { return process_; }

 private:
  pid_t process_ = 0;
  int from_child_ = -1;
};

void send(int descriptor, std::int64_t number) {
  write_all(descriptor, {reinterpret_cast<const char*>(&number), sizeof number});
}

class ProcessesTest : public test::JournalTest {
 protected:
  void SetUp() override { test::isolate_user(file().parent_path()); }
};

TEST_F(ProcessesTest, SigkillLosesNothingThatWasSaved) {
  for (int round = 0; round < 8; ++round) {
    std::int64_t last_told = 0;
    {
      Child child([&](int to_parent) {
        const auto journal = Journal::open(file());
        while (true) {
          Record record = record_of(token_a, State::planned);
          journal->save(record);
          record = record_of(token_a, State::completed);
          record.number = journal->unfinished(token_a)->number;
          journal->save(record);
          send(to_parent, record.number);
        }
      });
      for (int i = 0; i < 3 + 2 * round; ++i) last_told = child.next();
      child.kill();
    }
    ASSERT_GT(last_told, 0);
    std::set<std::int64_t> completed;
    for (const Record& record : open().history(100'000)) {
      if (record.state == State::completed) completed.insert(record.number);
    }
    EXPECT_TRUE(completed.contains(last_told)) << "round " << round;
    // What the killed process had begun is found, and closed for the next round.
    if (auto unfinished = journal().unfinished(token_a)) {
      unfinished->state = State::abandoned;
      journal().save(*unfinished);
    }
    close();
  }
}

TEST_F(ProcessesTest, TwoWritersAtOnceLoseNothing) {
  constexpr int each = 25;
  const auto writer = [&](const TokenKey& token) {
    return [this, token](int to_parent) {
      const auto journal = Journal::open(file());
      for (int i = 0; i < each; ++i) {
        Record record = record_of(token, State::planned);
        journal->save(record);
        record.state = State::abandoned;
        journal->save(record);
        send(to_parent, record.number);
      }
    };
  };
  Child one(writer(token_a));
  Child other(writer(token_b));
  EXPECT_EQ(one.wait(), 0);
  EXPECT_EQ(other.wait(), 0);
  EXPECT_EQ(open().history(1000).size(), 2U * each);
  EXPECT_TRUE(journal().all_unfinished().empty());
}

/// Whoever comes to the lock second has read the old version before it: the scripts may not run again.
TEST_F(ProcessesTest, SeveralThatUpgradeAJournalAtOnceUpgradeItOnce) {
  constexpr int rounds = 6;
  for (int round = 0; round < rounds; ++round) {
    for (const int schema : {1, 10}) {
      close();
      for (const auto& name : files())
        if (name.starts_with("journal.sqlite")) std::filesystem::remove(file().parent_path() / name);
      test::make_old_journal(file(), JOURNALS, schema);
      std::array<int, 2> gate{};
      ASSERT_EQ(::pipe(gate.data()), 0);
      const auto upgrader = [&](const TokenKey& token) {
        return [&, token](int) {
          ::close(gate[1]);
          std::array<char, 1> nothing{};
          read_some(gate[0], nothing);  // until the parent opens the gate for all
          const auto journal = Journal::open(file());
          Record record = record_of(token, State::planned);
          journal->save(record);
        };
      };
      Child one(upgrader(token_a)), other(upgrader(token_b)),
          third(upgrader({"KeyManager", "Model", "serial-c"}));
      ::close(gate[0]);
      ::close(gate[1]);
      for (Child* child : {&one, &other, &third}) EXPECT_EQ(child->wait(), 0) << round << " " << schema;
      EXPECT_EQ(open().history(100).size(), 12U) << round << " " << schema;
      EXPECT_EQ(journal().all_unfinished().size(), 10U);
    }
  }
}

TEST_F(ProcessesTest, TheLockNamesItsHolderAndDiesWithIt) {
  Child holder([](int to_parent) {
    const auto lock = TokenLock::acquire(token_a);
    send(to_parent, 1);
    ::pause();
  });
  ASSERT_EQ(holder.next(), 1);
  try {
    TokenLock::acquire(token_a);
    FAIL() << "the lock was given twice";
  } catch (const FailureError& error) {
    EXPECT_EQ(error.failure().reason, Reason::token_busy);
    EXPECT_THAT(error.failure().detail, ::testing::HasSubstr("process " + std::to_string(holder.process())));
  }
  EXPECT_NE(TokenLock::acquire(token_b), nullptr) << "another token is free";
  holder.kill();
  EXPECT_NE(TokenLock::acquire(token_a), nullptr);
}

TEST_F(ProcessesTest, TheLockKeepsOutItsOwnProcessToo) {
  auto lock = TokenLock::acquire(token_a);
  EXPECT_EQ(reason_of([] { TokenLock::acquire(token_a); }), Reason::token_busy);
  Child other([](int to_parent) {
    try {
      TokenLock::acquire(token_a);
    } catch (const FailureError&) {
      send(to_parent, 7);
    }
  });
  // A forked child believes that it holds the lock too; what counts is that the attempt inside was refused.
  EXPECT_EQ(other.next(), 7);
  lock.reset();
  EXPECT_NE(TokenLock::acquire(token_a), nullptr);
}

}  // namespace
}  // namespace koshin::renewal
