// SPDX-License-Identifier: MIT
// What Chromium takes in a policy file is what koshin reads there. Each text was given to Chromium 156 with
// URLBlocklist in it, and whether the page was blocked is what stands here. Some of them are given to the
// Chromium that is installed in browsers_test.py.
#include "desk_check/chromium_json.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace koshin::desk_check {
namespace {

using Json = nlohmann::json;
constexpr std::string_view member = R"("URLBlocklist": ["file://*"])";

/// The text with the member in the place of "@".
std::string with_member(std::string text) {
  text.replace(text.find('@'), 1, member);
  return text;
}

bool reads(std::string text, ChromiumJson kind = ChromiumJson::file) {
  try {
    const Json json = Json::parse(strict_from_chromium(with_member(std::move(text)), kind));
    return json["URLBlocklist"] == Json::array({"file://*"});
  } catch (const std::exception&) {
    return false;
  }
}

std::string nested(std::size_t depth) {
  return "{\"x\": " + std::string(depth, '[') + std::string(depth, ']') + ", @}";
}

TEST(ChromiumJson, TakesWhatChromiumTakes) {
  for (const std::string text : {"{@}",
                                 "\xef\xbb\xbf{@}",
                                 "{ // don't say \"x\n@}",
                                 "{ /* a \" quote */ @}",
                                 "{@, // last, \"\n}",
                                 "{@, /* \" , */ }",
                                 "{\"x\": \"http://a/b\", \"y\": \"/* no */\", @}",
                                 "{\"x\": \"a\nb\", @}",
                                 "{\"x\": \"a\rb\", @}",
                                 "{\"x\": \"\\x41\", @}",
                                 "{\"x\": \"\\x80\", @}",
                                 "{ // \xe9\n@}",
                                 "{ // c \"\r\n@}",
                                 "// c\n{@}",
                                 "{ /* a /* b */ @}",
                                 "{ /*** \" ***/ @}",
                                 "{@} // end",
                                 "{\"URLBlocklist\": [\"ftp://*\"], @}",
                                 "{\"x\": \"\x7f\", @}",
                                 "{\"x\": -0, @}",
                                 "{\"x\": \"\\\\\", @}",
                                 "{\"x\": \"\\\"\", @}",
                                 "{\"x\": \",]\", @}",
                                 "{\"x\": [1,\n], @}"})
    EXPECT_TRUE(reads(text)) << text;
  EXPECT_TRUE(reads(nested(197)));
}

TEST(ChromiumJson, RefusesWhatChromiumRefuses) {
  for (const std::string text : {"{@,,}",
                                 "{,@}",
                                 "{\"x\": \"a\tb\", @}",
                                 "{\"x\": \"a\x01"
                                 "b\", @}",
                                 "{\"x\": \"\\v\", @}",
                                 "{\"x\": \"\\'\", @}",
                                 "{@} /* ",
                                 "{@, /* }",
                                 "{ # c\n@}",
                                 "{@} x",
                                 "{\"x\": \"\xe9\", @}",
                                 "{@, \"URLBlocklist\": [\"ftp://*\"]}",
                                 "{ // c \"\r@}",
                                 "{\f@}",
                                 "{\v@}",
                                 "{\xc2\xa0@}",
                                 "{\"x\": \"\\ud800\", @}",
                                 "{\"x\": 01, @}",
                                 "{\"x\": 1e999, @}",
                                 "{\"x\": \"\\x4\", @}",
                                 "{@} /",
                                 "{\"x\": 1., @}",
                                 "\xef\xbb\xbf\xef\xbb\xbf{@}",
                                 "{\"x\": [,], @}"})
    EXPECT_FALSE(reads(text)) << text;
  EXPECT_FALSE(reads(nested(200)));
}

TEST(ChromiumJson, InATextOfAFileTakesTheLastCommaAlone) {
  EXPECT_TRUE(reads("{@,}", ChromiumJson::text_in_file));
  for (const std::string text : {"{ /* c */ @}", "{\"x\": \"a\nb\", @}", "{\"x\": \"\\x41\", @}"})
    EXPECT_FALSE(reads(text, ChromiumJson::text_in_file)) << text;
}

}  // namespace
}  // namespace koshin::desk_check
