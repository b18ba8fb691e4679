// SPDX-License-Identifier: MIT
// docs/messages.md, held to the members of the messages.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "documents.hpp"
#include "samples.hpp"

namespace koshin {
namespace {

void collect_members(const nlohmann::json& value, std::set<std::string>& names) {
  for (const auto& item : value.items()) {
    if (value.is_object()) names.insert(item.key());
    if (item.value().is_structured()) collect_members(item.value(), names);
  }
}

TEST(MessagesDocument, ExplainsEveryMemberAndNothingElse) {
  std::set<std::string> known;
  collect_members(nlohmann::json::parse(messages::to_json(test::sample_job())), known);
  for (const auto& event : test::sample_events())
    collect_members(nlohmann::json::parse(messages::to_json(event)), known);
  std::set<std::string> documented;
  for (const auto& row : test::table_rows(test::document("messages.md")))
    documented.insert(test::without_backticks(row.at(0)));
  EXPECT_EQ(documented, known);
}

TEST(MessagesDocument, ItsExamplesAreMessagesAndThereIsOneOfEachKind) {
  std::set<std::string> kinds;
  for (const std::string& block : test::code_blocks(test::document("messages.md"), "json")) {
    std::istringstream lines(block);
    for (std::string line; std::getline(lines, line);) {
      const std::string type = nlohmann::json::parse(line).at("type");
      kinds.insert(type);
      if (type == "job") {
        EXPECT_NO_THROW(messages::parse_job(line)) << line;
      } else if (type == "go") {
        EXPECT_NO_THROW(messages::parse_go(line)) << line;
      } else {
        EXPECT_NO_THROW(messages::parse_event(line)) << line;
      }
    }
  }
  EXPECT_THAT(kinds,
              testing::UnorderedElementsAre("job", "step", "notice", "touch", "ready", "go", "inspect_result",
                                            "renew_result", "pending", "prune_result", "cancel_result",
                                            "pin_result", "doctor_result", "failure"));
}

}  // namespace
}  // namespace koshin
