// SPDX-License-Identifier: MIT
// The agent's parts that need nothing around them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "card_service/pcsc_error.hpp"
#include "fake_world.hpp"
#include "foundation/base/text.hpp"
#include "resident/arguments.hpp"
#include "resident/decision_text.hpp"
#include "resident/metrics.hpp"
#include "resident/settings_watch.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {
namespace {

using namespace resident;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// ---- what happened between two snapshots
std::vector<std::string> told(const std::vector<ReaderState>& before, const std::vector<ReaderState>& after) {
  std::vector<std::string> changes;
  for (const ReaderChange& change : changes_between(before, after)) {
    changes.push_back(std::string(to_string(change.change)) + " " + change.reader);
  }
  return changes;
}

TEST(ReaderChanges, NothingHappened) {
  EXPECT_THAT(told({reader_with_card("a")}, {reader_with_card("a")}), ElementsAre());
}
TEST(ReaderChanges, AReaderThatComesWithACard) {
  EXPECT_THAT(told({}, {reader_with_card("a")}), ElementsAre("inserted a"));
}
TEST(ReaderChanges, AReaderThatVanishesTakesItsCardAlong) {
  EXPECT_THAT(told({reader_with_card("a"), empty_reader("b")}, {}), ElementsAre("removed a"));
}
TEST(ReaderChanges, AnotherCardBetweenTwoSnapshots) {
  EXPECT_THAT(told({reader_with_card("a", 1)}, {reader_with_card("a", 3)}), ElementsAre("swapped a"));
  EXPECT_THAT(told({reader_with_card("a", 1, "3b00")}, {reader_with_card("a", 1, "3b01")}),
              ElementsAre("swapped a"));
}
TEST(ReaderChanges, AMuteCardIsGoneForThoseWhoUsedIt) {
  ReaderState mute = empty_reader("a", 1);
  mute.mute = true;
  EXPECT_THAT(told({reader_with_card("a", 1)}, {mute}), ElementsAre("removed a", "unusable a"));
  EXPECT_THAT(told({mute}, {mute}), ElementsAre());
}
TEST(ReaderChanges, ExclusiveUseIsWaitedOut) {
  ReaderState held = reader_with_card("a");
  held.exclusive = true;
  EXPECT_THAT(told({empty_reader("a")}, {held}), ElementsAre("held a"));
  EXPECT_THAT(told({held}, {reader_with_card("a")}), ElementsAre("released a"));
}
TEST(ReaderChanges, AfterARestartOnlyWhatLooksTheSameIsDoubtful) {
  std::vector<ReaderState> before{reader_with_card("a", 7), reader_with_card("b", 7), empty_reader("c", 4)};
  const std::vector<ReaderState> after{reader_with_card("a", 0), empty_reader("b", 0),
                                       reader_with_card("c", 0)};
  EXPECT_THAT(doubtful_after_restart(before, after), ElementsAre("a"));
  EXPECT_THAT(told(before, after), ElementsAre("removed b", "inserted c"));
}

// ---- slots and readers
TEST(ReaderOfSlot, LongNamesAreCutAsTheModuleCutsThem) {
  const std::string name(80, 'x');
  EXPECT_EQ(reader_of_slot(std::string(64, 'x'), {reader_with_card(name)}), name);
  EXPECT_EQ(reader_of_slot("Reader A                ", {reader_with_card("Reader A")}), "Reader A");
  EXPECT_EQ(reader_of_slot("Reader A", {empty_reader("Reader A")}), "") << "no card is in it";
  EXPECT_EQ(reader_of_slot("SoftHSM slot ID 0x1", {reader_with_card("Reader A")}), "");
}

// ---- modules
TEST(ModuleHealth, PausesDoubleUpToAnHour) {
  ModuleHealth health;
  TimePoint now{1'000'000s};
  const Failure crash{Reason::module_crashed, "", {}};
  EXPECT_TRUE(health.failed("m", crash, now));
  EXPECT_EQ(health.rests_until("m", now), now + 30s);
  now += 30s;
  EXPECT_TRUE(health.usable("m", now));
  EXPECT_FALSE(health.failed("m", crash, now)) << "told a second time";
  EXPECT_EQ(health.rests_until("m", now), now + 60s);
  for (int i = 0; i < 40; ++i) health.failed("m", crash, now);
  EXPECT_EQ(health.rests_until("m", now), now + 3600s);
  EXPECT_TRUE(health.usable("m", now - 100 * 24h)) << "a clock that was set back makes a pause of months";
  EXPECT_TRUE(health.usable("other", now));
  EXPECT_TRUE(health.succeeded("m"));
  EXPECT_TRUE(health.failed("m", crash, now)) << "a new row of failures is news";
}

// ---- unattended
TEST(UnattendedPace, RetryAfterIsHonouredAndPausesEndAtADay) {
  UnattendedPace pace;
  const renewal::TokenKey token{"a", "b", "c"};
  const TimePoint now{1'000'000s};
  EXPECT_TRUE(pace.next_try(token));
  pace.started(token);
  EXPECT_FALSE(pace.next_try(token));
  pace.ended(token, Failure{Reason::authority_busy, "", 7200s}, now);
  EXPECT_EQ(pace.next_try(token), now + 7200s);
  for (int i = 0; i < 20; ++i) pace.ended(token, Failure{Reason::authority_busy, "", {}}, now);
  EXPECT_EQ(pace.next_try(token), now + 24h);
  pace.ended(token, Failure{Reason::pin_incorrect, "", {}}, now);
  EXPECT_FALSE(pace.next_try(token));
  pace.forget(token);
  EXPECT_TRUE(pace.next_try(token));
}

// ---- metrics
TEST(Metrics, EveryFamilyAndEscapedLabels) {
  const TimePoint now{1'800'000'000s};
  Standing standing{token_with_certificate("77", now, 12), renewal::Decision::due, now + 12 * 24h};
  standing.report.label = "a\"b\\c\nd";
  standing.report.pin_final_try = true;
  renewal::Record record;
  record.token = {"Maker", "Model", "77"};
  record.state = renewal::State::requested;
  record.last_failure = Failure{Reason::authority_unreachable, "", {}};
  record.changed = now;
  renewal::TokenMemory away;
  away.token = {"Maker", "Model", "88"};
  away.last_decision = "not_due";
  away.not_after = now;
  const std::string text = metrics_text({standing}, {away}, {record}, "taro");
  EXPECT_THAT(
      text,
      HasSubstr("koshin_certificate_not_after_timestamp_seconds{user=\"taro\",serial=\"77\",manufacturer="
                "\"Maker\",model=\"Model\","
                "label=\"a\\\"b\\\\c\\nd\"} 1801036800\n"));
  EXPECT_THAT(text, HasSubstr("koshin_token_present{user=\"taro\",serial=\"88\",manufacturer=\"Maker\",model="
                              "\"Model\",label=\"\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("state=\"final_try\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("state=\"ok\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("result=\"authority_unreachable\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("decision=\"due\"} 1\n"));
}

TEST(Metrics, WhatSteersATerminalDoesNotGetThrough) {
  const TimePoint now{1'800'000'000s};
  Standing standing{token_with_certificate("7\x1b[2J7\r\x85", now, 12), renewal::Decision::due, now};
  standing.report.label = "\x1b]0;owned\x07\r" + std::string(5000, 'x');
  const std::string text = metrics_text({standing}, {}, {}, "taro");
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << int{c};
  EXPECT_FALSE(find_invalid_utf8(text));
  EXPECT_LT(text.size(), 8000U);
}

TEST(Metrics, NoTwoSamplesHaveTheSameLabels) {
  const TimePoint now{1'800'000'000s};
  const Standing one{token_with_certificate("\x01", now, 12), renewal::Decision::due, now};
  const Standing other{token_with_certificate("\x02", now, 12), renewal::Decision::due, now};
  std::istringstream lines(metrics_text({one, other}, {}, {}, "taro"));
  std::set<std::string> seen;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    EXPECT_TRUE(seen.insert(line.substr(0, line.rfind(' '))).second) << line;
  }
}

TEST(Metrics, SomebodyElsesTokenIsNotInThem) {
  const Standing standing{
      token_with_certificate("77", TimePoint{}, 12), renewal::Decision::nothing_of_ours, {}};
  EXPECT_EQ(metrics_text({standing}, {}, {}, "taro").find("serial=\"77\""), std::string::npos);
}

// ---- words
TEST(DecisionText, EveryDecisionHasWordsInBothLanguages) {
  for (int i = 0; i <= static_cast<int>(renewal::Decision::nothing_of_ours); ++i) {
    const auto decision = static_cast<renewal::Decision>(i);
    for (const Language language : {Language::en, Language::ja}) {
      Prompt prompt;
      prompt.decision = decision;
      prompt.token_label = "T";
      EXPECT_FALSE(notice_for(prompt, language).title.empty()) << renewal::to_string(decision);
      renewal::Verdict verdict;
      verdict.decision = decision;
      EXPECT_FALSE(decision_text(verdict, language).empty()) << renewal::to_string(decision);
    }
    Prompt prompt;
    prompt.decision = decision;
    EXPECT_NE(notice_for(prompt, Language::en).title, notice_for(prompt, Language::ja).title);
  }
}

TEST(DecisionText, UrgencyRisesWithNearness) {
  Prompt prompt;
  prompt.days_left = 12;
  EXPECT_FALSE(notice_for(prompt, Language::en).urgent);
  prompt.days_left = 3;
  EXPECT_TRUE(notice_for(prompt, Language::en).urgent);
}

TEST(DecisionText, CountsTheCertificatesThatAreDue) {
  Prompt prompt;
  prompt.due = 2;
  EXPECT_TRUE(notice_for(prompt, Language::en).body.starts_with("2 certificates are due."));
  EXPECT_NE(notice_for(prompt, Language::en).body.find("koshin renew --all"), std::string::npos);
  EXPECT_NE(notice_for(prompt, Language::ja).body.find("2 個"), std::string::npos);
  prompt.due = 1;
  EXPECT_EQ(notice_for(prompt, Language::en).body.find("--all"), std::string::npos);
}

TEST(DecisionText, CountsDaysAsThePageDoes) {
  Prompt prompt;
  prompt.not_after = *parse_rfc3339("2026-12-15T10:00:00Z");
  const auto body = [&](long days, Language language) {
    prompt.days_left = days;
    return notice_for(prompt, language).body;
  };
  for (const auto& [days, english, japanese] :
       {std::tuple{12L, "(12 days left)", "(あと 12 日)"}, std::tuple{1L, "(1 day left)", "(あと 1 日)"},
        std::tuple{0L, "(less than a day left)", "(残り 24 時間未満)"},
        std::tuple{-1L, "(expired less than a day ago)", "(過去 24 時間以内に期限切れ)"},
        std::tuple{-2L, "(expired 1 day ago)", "(1 日前に期限切れ)"},
        std::tuple{-4L, "(expired 3 days ago)", "(3 日前に期限切れ)"}}) {
    EXPECT_NE(body(days, Language::en).find(english), std::string::npos) << body(days, Language::en);
    EXPECT_NE(body(days, Language::ja).find(japanese), std::string::npos) << body(days, Language::ja);
  }
}

// ---- arguments
TEST(Arguments, AreReadAndWrongOnesNamed) {
  EXPECT_EQ(parse_agent_arguments({"--exit-when-idle", "60"}).exit_when_idle, 60s);
  EXPECT_EQ(parse_agent_arguments({"--settings", "/a/b.toml"}).settings_file,
            std::filesystem::absolute("/a/b.toml"));
  EXPECT_TRUE(parse_agent_arguments({"--help"}).information);
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"--exit-when-idle", "0"},
                                             {"--exit-when-idle", "1h"},
                                             {"--settings"},
                                             {"--settings", ""},
                                             {"--pin", "1"}}) {
    try {
      parse_agent_arguments(wrong);
      ADD_FAILURE() << wrong.front() << " was taken";
    } catch (const FailureError& error) {
      EXPECT_EQ(error.failure().reason, Reason::usage_error);
    }
  }
}

// ---- the machine's part
TEST(PcscErrors, NameTheCallAndWhatItMeans) {
  try {
    pcsc::check_pcsc(0x8010001d, "SCardEstablishContext");
    FAIL() << "no exception";
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("SCardEstablishContext (parts_test.cpp:"));
    EXPECT_THAT(error.what(), HasSubstr("Service not available"));
  }
}

}  // namespace
}  // namespace koshin::test
