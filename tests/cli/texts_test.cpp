// SPDX-License-Identifier: MIT
#include "cli/texts.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

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

class Locale : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) ::unsetenv(name);
  }
};

TEST_F(Locale, the_language_follows_the_first_variable_that_is_set) {
  ::setenv("LANG", "ja_JP.UTF-8", 1);
  EXPECT_EQ(language_of_environment(), Language::japanese);
  ::setenv("LC_MESSAGES", "en_GB.UTF-8", 1);
  EXPECT_EQ(language_of_environment(), Language::english);
  ::setenv("LC_ALL", "ja_JP.EUC-JP", 1);
  EXPECT_EQ(language_of_environment(), Language::japanese);
  EXPECT_FALSE(environment_is_utf8());
}

TEST_F(Locale, without_any_it_is_english_in_ascii) {
  EXPECT_EQ(language_of_environment(), Language::english);
  EXPECT_FALSE(environment_is_utf8());
  ::setenv("LANG", "", 1);
  EXPECT_EQ(language_of_environment(), Language::english);
}

}  // namespace
}  // namespace koshin::cli
