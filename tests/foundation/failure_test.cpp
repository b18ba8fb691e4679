// SPDX-License-Identifier: MIT
#include "foundation/failures/failure.hpp"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "documents.hpp"
#include "failure_of.hpp"
#include "foundation/base/text.hpp"

namespace koshin {
namespace {

using test::failure_of;
using testing::HasSubstr;

std::vector<std::string_view> all_texts(const ReasonInfo& row) {
  return {row.in(Language::en).cause,
          row.in(Language::en).user_action,
          row.in(Language::en).administrator_action,
          row.in(Language::ja).cause,
          row.in(Language::ja).user_action,
          row.in(Language::ja).administrator_action};
}

TEST(FailureTable, HasARowForEveryReasonThatIdAndReasonLeadTo) {
  EXPECT_EQ(reason_table().size(), static_cast<std::size_t>(Reason::proof_failed) + 1);
  for (const ReasonInfo& row : reason_table()) {
    EXPECT_EQ(&info(row.reason), &row);
    EXPECT_EQ(parse_reason(row.id), row.reason);
  }
  EXPECT_FALSE(parse_reason(""));
  EXPECT_FALSE(parse_reason("PIN_INCORRECT"));
}

TEST(FailureTable, ExitCodesAreUniqueAndUsable) {
  std::map<int, std::string_view> taken;
  for (const ReasonInfo& row : reason_table()) {
    EXPECT_GE(row.exit_code, 1) << row.id;
    EXPECT_LE(row.exit_code, 125) << row.id << ": the shell uses those above";
    EXPECT_TRUE(taken.emplace(row.exit_code, row.id).second) << row.id << " and " << taken[row.exit_code];
  }
}

TEST(FailureTable, HasCompleteSentencesInBothLanguages) {
  for (const ReasonInfo& row : reason_table()) {
    for (const std::string_view text : all_texts(row)) {
      ASSERT_GT(text.size(), 8U) << row.id;
      EXPECT_FALSE(find_invalid_utf8(text)) << row.id;
      EXPECT_EQ(printable(text), text) << row.id;
      EXPECT_EQ(text.find("  "), std::string_view::npos) << row.id << ": " << text;
    }
    EXPECT_TRUE(row.in(Language::en).cause.ends_with('.')) << row.id;
    EXPECT_TRUE(row.in(Language::en).user_action.ends_with('.')) << row.id;
    for (const std::string_view text : {row.in(Language::ja).cause, row.in(Language::ja).user_action,
                                        row.in(Language::ja).administrator_action}) {
      EXPECT_TRUE(text.ends_with("。")) << row.id << ": " << text;
    }
  }
}

TEST(FailureTable, SaysNothingTechnicalToThePersonAtTheKeyboard) {
  for (const ReasonInfo& row : reason_table()) {
    for (const std::string_view text : {row.in(Language::en).cause, row.in(Language::en).user_action,
                                        row.in(Language::ja).cause, row.in(Language::ja).user_action}) {
      for (const char* const word :
           {"CKA_", "CKR_", "PKCS", "X.509", "CSR", "TLS", "モジュール", "サーティフィケート"}) {
        EXPECT_EQ(text.find(word), std::string_view::npos) << row.id << " says " << word;
      }
    }
  }
}

TEST(FailureTable, SpeaksJapaneseWithTheWordsAndSignsOfThePage) {
  for (const ReasonInfo& row : reason_table()) {
    for (const std::string_view text : {row.in(Language::ja).cause, row.in(Language::ja).user_action,
                                        row.in(Language::ja).administrator_action}) {
      for (const char* const word : {"暗証番号", "差し", "（", "）", "1回", "のPIN", "PINを"}) {
        EXPECT_EQ(text.find(word), std::string_view::npos) << row.id << " says " << word;
      }
    }
  }
}

TEST(FailureTable, DoesNotShareTextsBetweenReasons) {
  std::set<std::string_view> causes;
  for (const ReasonInfo& row : reason_table()) {
    EXPECT_TRUE(causes.insert(row.in(Language::en).cause).second) << row.id;
    EXPECT_TRUE(causes.insert(row.in(Language::ja).cause).second) << row.id;
  }
}

/// "### `pin_incorrect`" up to the next such heading.
std::map<std::string, std::string> sections(const std::string& text) {
  std::map<std::string, std::string> result;
  const std::string heading = "\n### `";
  for (auto begin = text.find(heading); begin != std::string::npos;) {
    const auto name_begin = begin + heading.size();
    const auto name_end = text.find('`', name_begin);
    const auto next = text.find(heading, name_end);
    result[text.substr(name_begin, name_end - name_begin)] = text.substr(name_end, next - name_end);
    begin = next;
  }
  return result;
}

TEST(FailureReasonsDocument, HoldsTheTableCompletelyAndNothingElse) {
  const std::string text = test::document("failure-reasons.md");
  const auto documented = sections(text);
  std::map<std::string, std::vector<std::string>> overview;
  for (auto row : test::table_rows(text)) overview[test::without_backticks(row.at(0))] = row;
  for (const ReasonInfo& row : reason_table()) {
    const auto section = documented.find(std::string(row.id));
    ASSERT_NE(section, documented.end()) << row.id << " has no section";
    for (const std::string_view sentence : all_texts(row))
      EXPECT_THAT(section->second, HasSubstr(std::string(sentence))) << row.id;
    const auto line = overview.find(std::string(row.id));
    ASSERT_NE(line, overview.end()) << row.id << " is not in the overview";
    EXPECT_EQ(line->second.at(1), std::to_string(row.exit_code)) << row.id;
    EXPECT_EQ(line->second.at(2), to_string(row.retry)) << row.id;
  }
  for (const auto& [id, section] : documented)
    EXPECT_TRUE(parse_reason(id)) << id << " is documented but does not exist";
  for (const auto& [id, line] : overview)
    EXPECT_TRUE(parse_reason(id)) << id << " is in the overview but does not exist";
}

TEST(Failure, TravelsAsAnExceptionThatNamesReasonAndDetail) {
  const Failure failure = failure_of([] { fail(Reason::token_removed, "C_Sign: CKR_DEVICE_REMOVED"); });
  EXPECT_EQ(failure.reason, Reason::token_removed);
  EXPECT_EQ(failure.detail, "C_Sign: CKR_DEVICE_REMOVED");
  EXPECT_EQ(failure.retry(), Retry::after_user_action);
  EXPECT_EQ(failure.exit_code(), 22);
  EXPECT_STREQ(FailureError(failure).what(), "token_removed: C_Sign: CKR_DEVICE_REMOVED");
}

TEST(Failure, BoundsAndCleansItsDetail) {
  const Failure failure =
      failure_of([] { fail(Reason::authority_refused, "\x1b[2J" + std::string(10000, 'x')); });
  EXPECT_LE(failure.detail.size(), Failure::max_detail);
  EXPECT_EQ(failure.detail.find('\x1b'), std::string::npos);
}

TEST(Retry, IsSpelledAndRead) {
  for (const Retry retry : {Retry::never, Retry::after_user_action, Retry::later})
    EXPECT_EQ(parse_retry(to_string(retry)), retry);
  EXPECT_FALSE(parse_retry("soon"));
}

TEST(Printable, ReplacesWhatSteersATerminalOrTurnsText) {
  EXPECT_EQ(printable("plain 日本語 \U0001F511"), "plain 日本語 \U0001F511");
  EXPECT_EQ(printable("a\x1b[31mb\x07"), "a\uFFFD[31mb\uFFFD");
  EXPECT_EQ(printable("a\r\nb\tc"), "a  b c");
  EXPECT_EQ(printable("\u202Egpj.exe\u2066\u200F"), "\uFFFDgpj.exe\uFFFD\uFFFD");
  EXPECT_EQ(printable("a\u0085b\u2028c\uFEFF\u200B"), "a\uFFFDb\uFFFDc\uFFFD\uFFFD");
  EXPECT_EQ(printable("\xff\xc0\xaf"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\uFFFDb");
}

TEST(Printable, CutsAtACharacter) {
  EXPECT_EQ(printable("日本", 5), "日");
  EXPECT_EQ(printable("日本", 6), "日本");
  EXPECT_EQ(printable("\x01\x01", 4), "\uFFFD");
  EXPECT_EQ(printable("abc", 0), "");
}

/// An unattended renewal ends with this reason too, although it has asked nobody and waited for nothing.
TEST(Failures, AMissingTouchIsNotSaidToHaveBeenAskedFor) {
  const ReasonInfo& row = info(Reason::touch_missing);
  for (const std::string_view word : {"in time", "again"}) {
    EXPECT_EQ(row.in(Language::en).cause.find(word), std::string_view::npos) << word;
    EXPECT_EQ(row.in(Language::en).user_action.find(word), std::string_view::npos) << word;
  }
  EXPECT_EQ(row.in(Language::ja).cause.find("時間内"), std::string_view::npos);
  EXPECT_EQ(row.in(Language::ja).user_action.find("もう一度"), std::string_view::npos);
}

}  // namespace
}  // namespace koshin
