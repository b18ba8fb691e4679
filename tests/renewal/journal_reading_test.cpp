// SPDX-License-Identifier: MIT
// A journal that is opened to be looked at: it tells what it has, and nothing of it changes.
#include <filesystem>
#include <fstream>

#include "journal_fixture.hpp"

namespace koshin::renewal {
namespace {

using test::JournalTest;
using test::record_of;
using test::token_a;
using test::token_b;

TEST_F(JournalTest, OpenedToReadItTellsAndChangesNothing) {
  Record record = record_of(token_a, State::completed);
  open().save(record);
  close();
  namespace fs = std::filesystem;
  fs::permissions(file(), fs::perms::owner_read);
  const auto journal = Journal::open_to_read(file());
  EXPECT_EQ(journal->history(10).size(), 1U);
  Record another = record_of(token_b, State::planned);
  EXPECT_EQ(reason_of([&] { journal->save(another); }), Reason::journal_unusable);
  EXPECT_EQ(fs::status(file()).permissions() & fs::perms::owner_write, fs::perms::none);
}

TEST_F(JournalTest, ToReadOneNothingIsMadeMigratedOrSetAside) {
  const auto open_to_read = [&] { (void)Journal::open_to_read(file()); };
  EXPECT_EQ(reason_of(open_to_read), Reason::journal_unusable) << "there is none";
  EXPECT_TRUE(files().empty());
  open();
  close();
  execute("PRAGMA user_version = 8");
  EXPECT_EQ(reason_of(open_to_read), Reason::journal_unusable) << "it is older";
  std::ofstream(file(), std::ios::trunc) << std::string(2000, 'x');
  EXPECT_EQ(reason_of(open_to_read), Reason::journal_unusable) << "it is damaged";
  EXPECT_EQ(std::filesystem::file_size(file()), 2000U);
  for (const std::string& name : files()) EXPECT_EQ(name.find("damaged"), std::string::npos) << name;
}

TEST_F(JournalTest, ToShowOneOfANewerKoshinIsRefusedAsThat) {
  // While another process has it open, its latest changes are in its log: that is not why.
  Record record = record_of(token_a, State::completed);
  open().save(record);
  execute("PRAGMA user_version = 999");
  ASSERT_GT(std::filesystem::file_size(file().string() + "-wal"), 0U);
  std::string detail;
  try {
    Journal::open_to_show(file());
  } catch (const FailureError& error) {
    detail = error.failure().detail;
  }
  EXPECT_NE(detail.find("was written by a newer koshin"), std::string::npos) << detail;
}

}  // namespace
}  // namespace koshin::renewal
