// SPDX-License-Identifier: MIT
// The words in bodies of every kind.
#include "enrollment/http/answer_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "enrollment/http/markup.hpp"

namespace koshin::enrollment {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(AnswerText, E19_PlainTextIsShownWhateverItsType) {
  EXPECT_EQ(words_of_body("no\r\n such\tuser", "text/plain"), "no such user");
  EXPECT_EQ(words_of_body("no such user", "application/octet-stream"), "no such user");
  EXPECT_EQ(words_of_body("no such user", ""), "no such user");
}

TEST(AnswerText, E19_OfHtmlTheTextIsShownWithoutScriptsStylesAndTitle) {
  EXPECT_EQ(
      words_of_body("<!DOCTYPE html><html><head><title>Error</title><style>p{x}</style></head><body>"
                    "<script>alert('x')</script><!-- secret --><h1>Sorry</h1><p>Call the&nbsp;desk &#x2014; "
                    "it&#39;s open</p></body></html>",
                    "text/html"),
      "Sorry Call the desk \xE2\x80\x94 it's open");
  EXPECT_EQ(words_of_body("<html><title>Only a title</title></html>", "text/plain"), "Only a title");
  EXPECT_EQ(words_of_body("<p>cut <b", "text/html"), "cut");
  EXPECT_EQ(words_of_body("<script>never closed", "text/html"), "");
}

TEST(AnswerText, E19_AReferenceThatIsNoneIsLeftAsItStands) {
  EXPECT_EQ(without_markup("a &unknown; &#xZZ; &#1114112; & b &amp"),
            "a &unknown; &#xZZ; \xEF\xBF\xBD & b &amp");
}

TEST(AnswerText, E19_OfJsonTheMembersThatHoldWordsAreShown) {
  EXPECT_EQ(
      words_of_body(R"({"type":"about:blank","title":"Forbidden","status":403,"detail":"Not your day"})",
                    "application/problem+json"),
      "Forbidden: Not your day");
  EXPECT_EQ(words_of_body(R"({"error":{"code":7,"message":"key too small"}})", "application/json"),
            "key too small");
  EXPECT_EQ(words_of_body(R"({"errors":["one","two"]})", "application/json"), "one: two");
  EXPECT_EQ(words_of_body(R"({"code":17})", "application/json"), R"({"code":17})");
  EXPECT_EQ(words_of_body("{not json", "application/json"), "{not json");
  EXPECT_EQ(words_of_body("{}", "application/json"), "");
}

TEST(AnswerText, E19_BracketsInBracketsWithoutEndAreShownAsTheyStand) {
  std::string nested;
  for (int i = 0; i < 16'000; ++i) nested += "[ ";
  nested.append(16'000, ']');
  EXPECT_THAT(words_of_body(nested, "application/json"), StartsWith("[ [ [ ["));
  EXPECT_EQ(words_of_body(R"({"message":"full","more":)" + nested + "}", "application/json"), "full");
}

TEST(AnswerText, E19_JapaneseEncodingsAreRead) {
  const std::string closed = "\xE4\xBC\x91\xE6\xAD\xA2";  // 休止
  EXPECT_EQ(words_of_body("\x8B\x78\x8E\x7E", "text/plain; charset=Shift_JIS"), closed);
  EXPECT_EQ(words_of_body("\xB5\xD9\xBB\xDF", "text/plain; charset=\"EUC-JP\""), closed);
  EXPECT_EQ(words_of_body("<html><meta charset=\"shift_jis\"><p>\x8B\x78\x8E\x7E</p></html>", "text/html"),
            closed);
  EXPECT_THAT(words_of_body("\x8B\x78 x", "text/plain; charset=../../evil"), HasSubstr("x"));
}

TEST(AnswerText, E19_WhatIsShownIsPrintableAndBounded) {
  const auto text = words_of_body("a\x1B[31mred \xE2\x80\xAE" + std::string(5000, 'x'), "text/plain");
  EXPECT_THAT(text, Not(HasSubstr("\x1B")));
  EXPECT_THAT(text, Not(HasSubstr("\xE2\x80\xAE")));
  EXPECT_LE(text.size(), 1000U);
  EXPECT_EQ(
      words_of_body(std::string("\x89PNG\x0d\x0a\x1a\x0a\0\x01\x02\x03\x04\x05\x06\x07", 16), "image/png"),
      "");
}

TEST(AnswerText, E19_AMarkAtTheBeginningIsNoPartOfTheText) {
  EXPECT_EQ(words_of_body("\xEF\xBB\xBF<html><p>closed</p></html>", "text/html"), "closed");
  EXPECT_EQ(words_of_body("\xEF\xBB\xBF{\"message\":\"closed\"}", "application/json"), "closed");
  EXPECT_EQ(words_of_body("\xEF\xBB\xBF"
                          "closed",
                          "text/plain; charset=utf-8"),
            "closed");
}

TEST(AnswerText, E19_TextThatDoesNotSayInWhatItIsWrittenIsReadAsTheJapaneseThatItIs) {
  const std::string words =
      "\xE3\x83\xAD\xE3\x82\xB0\xE3\x82\xA4\xE3\x83\xB3\xE3\x81\xA7\xE3\x81\x8D\xE3\x81\xBE\xE3\x81\x9B\xE3"
      "\x82\x93";
  const std::string shift_jis = "\x83\x8D\x83\x4F\x83\x43\x83\x93\x82\xC5\x82\xAB\x82\xDC\x82\xB9\x82\xF1";
  EXPECT_EQ(words_of_body(shift_jis, "text/plain"), words);
  EXPECT_EQ(words_of_body(shift_jis, "text/plain; charset=utf-8"), words) << "it does not fit";
  EXPECT_EQ(
      words_of_body("<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><p>" + shift_jis + "</p>", "text/xml"),
      words);
  EXPECT_EQ(
      words_of_body("\xA5\xED\xA5\xB0\xA5\xA4\xA5\xF3\xA4\xC7\xA4\xAD\xA4\xDE\xA4\xBB\xA4\xF3", "text/plain"),
      words);
  EXPECT_EQ(
      words_of_body(
          "\x1B\x24\x42\x25\x6D\x25\x30\x25\x24\x25\x73\x24\x47\x24\x2D\x24\x5E\x24\x3B\x24\x73\x1B\x28\x42",
          ""),
      words);
  const std::string latin = "verf\xFCgbar sp\xE4ter";
  EXPECT_EQ(words_of_body(latin, "text/plain").find("\xE3"), std::string::npos)
      << "not Japanese by all means";
}

TEST(AnswerText, E19_UnicodeOfWindowsIsRead) {
  const std::string words =
      "\xE3\x83\xAD\xE3\x82\xB0\xE3\x82\xA4\xE3\x83\xB3\xE3\x81\xA7\xE3\x81\x8D\xE3\x81\xBE\xE3\x81\x9B\xE3"
      "\x82\x93";
  const std::string_view little(
      "\xFF\xFE\xED\x30\xB0\x30\xA4\x30\xF3\x30\x67\x30\x4D\x30\x7E\x30\x5B\x30\x93\x30", 20);
  const std::string_view big(
      "\xFE\xFF\x30\xED\x30\xB0\x30\xA4\x30\xF3\x30\x67\x30\x4D\x30\x7E\x30\x5B\x30\x93", 20);
  EXPECT_EQ(words_of_body(little, "text/plain"), words);
  EXPECT_EQ(words_of_body(big, ""), words);
  EXPECT_EQ(words_of_body(little.substr(2), "text/plain; charset=utf-16le"), words);
}

TEST(AnswerText, E19_APageIsAPageWhateverItBeginsWith) {
  EXPECT_EQ(words_of_body("Warning: late\n<html><p>closed &amp; gone</p></html>", "text/html; charset=utf-8"),
            "Warning: late closed & gone");
  EXPECT_EQ(words_of_body("give <name>", "text/plain"), "give <name>");
}

}  // namespace
}  // namespace koshin::enrollment
