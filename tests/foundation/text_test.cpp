// SPDX-License-Identifier: MIT
#include "foundation/base/text.hpp"

#include <gtest/gtest.h>

namespace koshin {
namespace {

TEST(Hex, GoesThereAndBack) {
  EXPECT_EQ(to_hex(std::vector<std::uint8_t>{0x00, 0x0F, 0xA5, 0xFF}), "000fa5ff");
  EXPECT_EQ(from_hex("000FA5ff"), (std::vector<std::uint8_t>{0x00, 0x0F, 0xA5, 0xFF}));
  EXPECT_EQ(from_hex(""), std::vector<std::uint8_t>{});
  for (const char* const text : {"0", "0g", "0x", " 0", "00 0"}) EXPECT_FALSE(from_hex(text)) << text;
}

TEST(PercentDecoding, DecodesOrRefuses) {
  EXPECT_EQ(percent_decode("a%2Fb%20%e6%97%a5"), "a/b 日");
  for (const char* const text : {"%", "%4", "%4g", "a%"}) EXPECT_FALSE(percent_decode(text)) << text;
}

TEST(ConstantTimeComparison, TellsEqualFromDifferent) {
  EXPECT_TRUE(equal_constant_time("capability", "capability"));
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_FALSE(equal_constant_time("capability", "capabilitz"));
  EXPECT_FALSE(equal_constant_time("Capability", "capability"));
  EXPECT_FALSE(equal_constant_time("capability", "capabilit"));
}

TEST(Utf8, IsCheckedStrictly) {
  EXPECT_FALSE(find_invalid_utf8("日本 ascii \U0001F511"));
  EXPECT_EQ(find_invalid_utf8("ab\x80"), 2U);             // stray continuation
  EXPECT_EQ(find_invalid_utf8("a\xC0\xAF"), 1U);          // overlong '/'
  EXPECT_EQ(find_invalid_utf8("a\xE0\x80\xAF"), 1U);      // overlong, three bytes
  EXPECT_EQ(find_invalid_utf8("a\xED\xA0\x80"), 1U);      // surrogate
  EXPECT_EQ(find_invalid_utf8("a\xF4\x90\x80\x80"), 1U);  // beyond U+10FFFF
  EXPECT_EQ(find_invalid_utf8("a\xE6\x97"), 1U);          // cut short
  EXPECT_EQ(find_invalid_utf8("a\xFF"), 1U);
}

TEST(EditDistance, CountsSlips) {
  EXPECT_EQ(edit_distance("window", "window"), 0U);
  EXPECT_EQ(edit_distance("windwo", "window"), 1U);
  EXPECT_EQ(edit_distance("widow", "window"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
}

}  // namespace
}  // namespace koshin
