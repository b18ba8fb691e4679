// SPDX-License-Identifier: MIT
// The doctor's words: both languages for everything it can say, and docs/json.md for every identifier.
#include "renewal/policy/doctor_words.hpp"

#include "renewal/policy/desk_words.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "repository.hpp"

namespace koshin::renewal {
namespace {

using testing::HasSubstr;
using testing::Not;

bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

constexpr std::size_t all_findings = finding_count + desk_finding_count;
constexpr std::size_t all_subjects = examined_count + desk_subject_count;

std::string finding_id(std::size_t number) {
  return std::string(number < finding_count ? to_string(static_cast<Finding>(number))
                                            : to_string(static_cast<DeskFinding>(number - finding_count)));
}

std::string subject_id(std::size_t number) {
  return std::string(number < examined_count ? to_string(static_cast<Examined>(number))
                                             : to_string(static_cast<DeskSubject>(number - examined_count)));
}

DoctorCheck with_finding(std::size_t number) {
  DoctorCheck check;
  check.finding = finding_id(number);
  check.values = {"<v0>", "<v1>", "<v2>", "<v3>", "<v4>"};
  return check;
}

std::string section_of_doctor() {
  const std::string all = test::read_file("docs/json.md");
  const auto begin = all.find("## doctor");
  return all.substr(begin, all.find("\n## ", begin) - begin);
}

TEST(DoctorWords, EveryFindingIsSaidInBothLanguagesWithTheSameValues) {
  for (std::size_t i = 0; i < all_findings; ++i) {
    const auto check = with_finding(i);
    const std::string english = text_in_words(check, Language::en);
    const std::string japanese = text_in_words(check, Language::ja);
    EXPECT_TRUE(is_ascii(english)) << english;
    EXPECT_FALSE(is_ascii(japanese)) << check.finding;
    EXPECT_THAT(english, Not(HasSubstr("{"))) << check.finding;
    for (const auto& value : check.values)
      EXPECT_EQ(english.find(value) == std::string::npos, japanese.find(value) == std::string::npos)
          << check.finding << value;
    const std::string advice = advice_in_words(check, Language::ja);
    EXPECT_EQ(advice.empty(), advice_in_words(check, Language::en).empty()) << check.finding;
    EXPECT_TRUE(advice.empty() || !is_ascii(advice)) << check.finding;
  }
}

TEST(DoctorWords, EveryExaminationHasItsNameInBothLanguages) {
  for (std::size_t i = 0; i < all_subjects; ++i) {
    DoctorCheck check;
    check.id = subject_id(i);
    check.subject = "/m.so";
    EXPECT_TRUE(is_ascii(name_in_words(check, Language::en)));
    EXPECT_TRUE(check.id == "pin" || !is_ascii(name_in_words(check, Language::ja))) << check.id;
    EXPECT_EQ(name_in_words(check, Language::en) == "module /m.so", check.id == "module");
  }
}

TEST(DoctorWords, AFailureIsSaidInTheWordsOfItsRow) {
  DoctorCheck check;
  check.reason = Reason::proxy_failed;
  check.values = {"proxy.example:3128: refused"};
  const auto row = info(Reason::proxy_failed).in(Language::ja);
  EXPECT_EQ(text_in_words(check, Language::ja), std::string(row.cause) + " (proxy.example:3128: refused)");
  EXPECT_EQ(advice_in_words(check, Language::ja), row.administrator_action);
}

TEST(DoctorWords, NoAdviceSendsTheDoctorsReaderToTheDoctor) {
  std::vector<DoctorCheck> checks;
  for (std::size_t i = 0; i < all_findings; ++i) checks.push_back(with_finding(i));
  for (const ReasonInfo& row : reason_table()) checks.emplace_back().reason = row.reason;
  for (const auto& check : checks) {
    for (const Language language : {Language::en, Language::ja})
      EXPECT_THAT(advice_in_words(check, language), Not(HasSubstr("koshin doctor"))) << check.finding;
  }
}

TEST(DoctorWords, AReaderThatIsNotSeenMayBeUnknownToTheService) {
  DoctorCheck check;
  check.finding = to_string(DeskFinding::readers_not_told);
  const std::string advice = advice_in_words(check, Language::en);
  EXPECT_THAT(advice, HasSubstr("connect the reader"));
  EXPECT_THAT(advice, HasSubstr("install what pcscd reads it with"));
  EXPECT_THAT(advice_in_words(check, Language::ja), HasSubstr("CCID"));
}

TEST(DoctorWords, WhatIsNotKnownHereIsShownAsItWasSent) {
  DoctorCheck check;
  check.id = "moon";
  check.name = "moon";
  check.finding = "moon_full";
  check.text = "it is full";
  check.advice = "wait";
  EXPECT_EQ(name_in_words(check, Language::ja), "moon");
  EXPECT_EQ(text_in_words(check, Language::ja), "it is full");
  EXPECT_EQ(advice_in_words(check, Language::ja), "wait");
}

TEST(DoctorWords, JsonDocumentExplainsEveryIdentifier) {
  const std::string section = section_of_doctor();
  for (std::size_t i = 0; i < all_subjects; ++i) EXPECT_THAT(section, HasSubstr("`" + subject_id(i) + "`"));
  for (std::size_t i = 0; i < all_findings; ++i) EXPECT_THAT(section, HasSubstr("`" + finding_id(i) + "`"));
}

}  // namespace
}  // namespace koshin::renewal
