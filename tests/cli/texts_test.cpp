// SPDX-License-Identifier: MIT
#include "cli/texts.hpp"

#include <gmock/gmock.h>

namespace koshin::cli {
namespace {

TEST(Texts, places_are_filled_and_values_are_not_looked_at_again) {
  EXPECT_EQ(fill("{1} and {0}", {"{1}", "b"}), "b and {1}");
  EXPECT_EQ(fill("{0}{0}", {"x"}), "xx");
}

TEST(Texts, what_is_no_place_stays) {
  EXPECT_EQ(fill("{a} {} {9} {", {"x"}), "{a} {} {9} {");
  EXPECT_EQ(fill("", {"x"}), "");
}

TEST(Texts, japanese_takes_two_columns) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("有効期限"), 8U);
  EXPECT_EQ(display_width("組織 (O)"), 8U);
  EXPECT_EQ(display_width("é"), 1U);
}

TEST(Texts, padding_counts_columns_and_never_cuts) {
  EXPECT_EQ(padded("鍵", 4), "鍵  ");
  EXPECT_EQ(padded("long", 2), "long");
}

}  // namespace
}  // namespace koshin::cli
