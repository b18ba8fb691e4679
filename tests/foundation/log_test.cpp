// SPDX-License-Identifier: MIT
#include "foundation/log/log.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "documents.hpp"
#include "foundation/log/log_events.hpp"
#include "log_fixture.hpp"

namespace koshin {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

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
