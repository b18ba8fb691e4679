// SPDX-License-Identifier: MIT
#include "foundation/log/log.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdlib>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "documents.hpp"
#include "foundation/log/log_events.hpp"

namespace {

// What would have gone to the journal.
std::vector<std::string> sent;

}  // namespace

extern "C" int __wrap_sd_journal_sendv(const iovec* fields, int count);
extern "C" int __wrap_sd_journal_sendv(const iovec* fields, int count) {
  sent.clear();
  for (int i = 0; i < count; ++i)
    sent.emplace_back(static_cast<const char*>(fields[i].iov_base), fields[i].iov_len);
  return 0;
}

namespace koshin {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::MatchesRegex;

class LogTest : public testing::Test {
 protected:
  LogTest() {
    unsetenv("JOURNAL_STREAM");
    sent.clear();
    log::configure("koshin-test", LogLevel::info);
  }
  ~LogTest() override { unsetenv("JOURNAL_STREAM"); }

  /// As systemd does for a service whose stderr it connects to the journal.
  static void connect_stderr_to_journal() {
    struct stat status {};
    ASSERT_EQ(fstat(STDERR_FILENO, &status), 0);
    setenv("JOURNAL_STREAM", (std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino)).c_str(),
           1);
  }
  template <class Action>
  static std::string stderr_of(Action&& action) {
    testing::internal::CaptureStderr();
    action();
    return testing::internal::GetCapturedStderr();
  }
};

TEST_F(LogTest, GoesToStderrWithTimeLevelAndFields) {
  const std::string text = stderr_of([] {
    log::warning(log::Event::token_removed, "the token is gone", {{"KOSHIN_TOKEN", "ab \"12\""}});
  });
  EXPECT_THAT(text, MatchesRegex("[0-9-]+ [0-9:]+ koshin[a-z-]*\\[[0-9]+\\] warning: the token is gone "
                                 "KOSHIN_TOKEN=\"ab .\"12.\"\"\n"));
}

TEST_F(LogTest, LeavesOutWhatIsBelowTheLevel) {
  EXPECT_EQ(stderr_of([] { log::debug("details"); }), "");
  log::configure("koshin-test", LogLevel::error);
  EXPECT_EQ(stderr_of([] { log::warning(log::Event::none, "careful"); }), "");
  log::configure("koshin-test", LogLevel::debug);
  EXPECT_THAT(stderr_of([] { log::debug("details"); }), HasSubstr("details"));
}

TEST_F(LogTest, GoesToTheJournalWithFieldsAndMessageId) {
  connect_stderr_to_journal();
  log::info(log::Event::token_inserted, "a token", {{"KOSHIN_TOKEN", "abc"}});
  EXPECT_THAT(sent, Contains("MESSAGE=a token"));
  EXPECT_THAT(sent, Contains("PRIORITY=6"));
  EXPECT_THAT(sent, Contains("SYSLOG_IDENTIFIER=koshin-test"));
  EXPECT_THAT(sent, Contains("KOSHIN_TOKEN=abc"));
  EXPECT_THAT(sent, Contains("KOSHIN_EVENT=token_inserted"));
  EXPECT_THAT(sent, Contains("MESSAGE_ID=" + std::string(log::message_id(log::Event::token_inserted))));
}

TEST_F(LogTest, DoesNotBelieveAnInheritedJournalStreamOfAnotherDescriptor) {
  setenv("JOURNAL_STREAM", "1:1", 1);
  EXPECT_THAT(stderr_of([] { log::error(log::Event::none, "to stderr"); }), HasSubstr("to stderr"));
  EXPECT_TRUE(sent.empty());
}

TEST_F(LogTest, MakesForeignTextHarmless) {
  connect_stderr_to_journal();
  log::info(log::Event::none, "one\nMESSAGE=two", {{"KOSHIN_TOKEN", "\x1b[2J\nPRIORITY=0"}});
  EXPECT_THAT(sent, Contains("MESSAGE=one MESSAGE=two"));
  EXPECT_THAT(sent, Contains("KOSHIN_TOKEN=\uFFFD[2J PRIORITY=0"));
  log::info(log::Event::none, std::string(100000, 'x'), {{"KOSHIN_TOKEN", std::string(100000, 'y')}});
  for (const std::string& field : sent) EXPECT_LT(field.size(), 3000U);
}

TEST(LogEvents, HaveUniqueMessageIds) {
  std::set<std::string_view> ids;
  for (const log::EventInfo& row : log::event_table()) {
    EXPECT_THAT(std::string(row.message_id), MatchesRegex("[0-9a-f]{32}")) << row.name;
    EXPECT_TRUE(ids.insert(row.message_id).second) << row.name;
    EXPECT_EQ(log::message_id(row.event), row.message_id);
  }
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(log::Event::hook_failed)) << "every event but none";
  EXPECT_EQ(log::message_id(log::Event::none), "");
}

TEST(LogEvents, HaveNumbersOfTheirOwnThatTheirNamesLeadTo) {
  std::set<int> numbers{log::number_without_event};
  for (const log::EventInfo& row : log::event_table()) {
    EXPECT_TRUE(numbers.insert(row.number).second) << row.name;
    EXPECT_EQ(log::event_number(row.name), row.number);
  }
  EXPECT_EQ(log::event_number("unheard_of"), log::number_without_event);
  EXPECT_EQ(log::event_number(""), log::number_without_event);
}

TEST(EventsDocument, HoldsTheTableCompletelyAndNothingElse) {
  std::set<std::tuple<std::string, std::string, std::string>> documented, known;
  for (const auto& row : test::table_rows(test::document("events.md"))) {
    documented.emplace(test::without_backticks(row.at(0)), test::without_backticks(row.at(1)), row.at(2));
    EXPECT_GT(row.at(3).size(), 10U) << row.at(0);
  }
  for (const log::EventInfo& row : log::event_table())
    known.emplace(row.name, row.message_id, std::to_string(row.number));
  EXPECT_EQ(documented, known);
}

}  // namespace
}  // namespace koshin
