// SPDX-License-Identifier: MIT
// The real program with a journal of an earlier koshin: killed, or out of room, at every change that it makes
// to the file while it brings it up to date, it loses nothing; and a journal of a newer koshin it leaves
// alone.
#include <gmock/gmock.h>

#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>

#include "program_run.hpp"
#include "support/environment.hpp"
#include "support/raw_journal.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using testing::HasSubstr;

constexpr int killed = 128 + 9;  // as a shell says it
// Of failure-reasons.md. For the files beside the journal SQLite does not say that the disk is full, and
// koshin, which then asks for its free space, is told of the real one's.
constexpr int journal_unusable = 7, disk_full = 120;

class JournalOfAnother : public testing::Test {
 protected:
  JournalOfAnother() { isolate_user(directory_.path()); }
  fs::path file() const { return fs::path(std::getenv("XDG_STATE_HOME")) / "koshin" / "journal.sqlite"; }
  void begin(int schema) {
    fs::remove_all(file().parent_path());
    fs::create_directories(file().parent_path());
    fs::permissions(file().parent_path(), fs::perms::owner_all);
    make_old_journal(file(), JOURNALS, schema);
  }
  static RunResult history(const std::string& variables = {}) {
    return run_in_shell(variables + " $koshin history --json --limit 100; exit $?");
  }
  std::string shim(const std::string& variable, unsigned number) const {
    return "LD_PRELOAD=" KOSHIN_JOURNAL_SHIM " KOSHIN_SHIM_PATH=journal.sqlite " + variable + "=" +
           std::to_string(number);
  }
  /// Interrupts the upgrade at each change in turn; the next run must tell what one that nothing interrupts
  /// tells. Returns how many changes there are.
  unsigned interrupt_everywhere(int schema, const std::string& variable,
                                const testing::Matcher<int>& exit_code) {
    begin(schema);
    const RunResult whole = history();
    EXPECT_EQ(whole.exit_code, 0) << whole.err;
    EXPECT_EQ(Json::parse(whole.out)["records"].size(), 9U);
    const auto tables = schema_of(file());
    for (unsigned number = 1; number < too_many; ++number) {
      begin(schema);
      const RunResult cut = history(shim(variable, number));
      if (cut.exit_code == 0) return number - 1;
      EXPECT_THAT(cut.exit_code, exit_code) << number << cut.out << cut.err;
      const RunResult after = history();
      EXPECT_EQ(after.exit_code, 0) << number << after.out << after.err;
      EXPECT_EQ(Json::parse(after.out)["records"], Json::parse(whole.out)["records"]) << number;
      EXPECT_EQ(schema_of(file()), tables) << number;
      if (HasFailure()) break;
    }
    ADD_FAILURE() << "it never ran to its end";
    return too_many;
  }
  static constexpr unsigned too_many = 500;
  TemporaryDirectory directory_;
};

TEST_F(JournalOfAnother, killed_at_any_change_while_it_is_upgraded_nothing_is_lost) {
  for (const int schema : {1, 10}) {
    SCOPED_TRACE(schema);
    const unsigned changes = interrupt_everywhere(schema, "KOSHIN_SHIM_AT", killed);
    EXPECT_GT(changes, 10U);
    std::cout << "schema " << schema << ": killed at " << changes << " changes of the journal\n";
  }
}

TEST_F(JournalOfAnother, without_room_for_a_change_nothing_is_lost) {
  const unsigned changes =
      interrupt_everywhere(10, "KOSHIN_SHIM_FULL_AT", testing::AnyOf(disk_full, journal_unusable));
  EXPECT_GT(changes, 5U);
}

TEST_F(JournalOfAnother, a_state_of_a_newer_koshin_is_said_and_nothing_is_changed) {
  begin(10);
  EXPECT_EQ(history().exit_code, 0);
  ASSERT_EQ(run_sql(file(),
                    "INSERT INTO state VALUES ('touched', 0, 1, 0, 0, 0);"
                    "UPDATE renewal SET state = 'touched' WHERE state = 'generated'"),
            SQLITE_OK);
  for (const char* command : {"history", "status"}) {
    const RunResult result = run_koshin({command});
    EXPECT_EQ(result.exit_code, 7) << command;
    EXPECT_THAT(result.err, HasSubstr("newer koshin (state \"touched\")")) << command;
    EXPECT_THAT(result.err, HasSubstr("journal_unusable")) << command;
  }
  std::vector<std::string> found;
  ASSERT_EQ(run_sql(file(), "SELECT count(*) FROM renewal WHERE state = 'touched'", &found), SQLITE_OK);
  EXPECT_EQ(found, std::vector<std::string>{"1"});
}

}  // namespace
}  // namespace koshin::test
