// SPDX-License-Identifier: MIT
#include "foundation/base/language.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace koshin {
namespace {

class Locale : public testing::Test {
 protected:
  void SetUp() override { forget(); }
  void TearDown() override { forget(); }
  static void forget() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LANG"}) ::unsetenv(name);
  }
};

TEST_F(Locale, the_language_follows_the_first_variable_that_is_set) {
  ::setenv("LANG", "ja_JP.UTF-8", 1);
  EXPECT_EQ(language_of_environment(), Language::ja);
  ::setenv("LC_MESSAGES", "en_GB.UTF-8", 1);
  EXPECT_EQ(language_of_environment(), Language::en);
  ::setenv("LC_ALL", "ja_JP.EUC-JP", 1);
  EXPECT_EQ(language_of_environment(), Language::ja);
  EXPECT_FALSE(environment_is_utf8());
}

TEST_F(Locale, without_any_it_is_english_in_ascii) {
  EXPECT_EQ(language_of_environment(), Language::en);
  EXPECT_FALSE(environment_is_utf8());
  ::setenv("LANG", "", 1);
  EXPECT_EQ(language_of_environment(), Language::en);
}

TEST_F(Locale, what_comes_by_itself_is_japanese_unless_another_language_is_named) {
  EXPECT_EQ(language_of_session(), Language::ja);
  for (const char* none : {"C", "POSIX", "C.UTF-8", "ja_JP.eucJP"}) {
    ::setenv("LANG", none, 1);
    EXPECT_EQ(language_of_session(), Language::ja) << none;
  }
  ::setenv("LANG", "de_DE.UTF-8", 1);
  EXPECT_EQ(language_of_session(), Language::en);
}

TEST_F(Locale, an_encoding_that_is_named_and_is_not_utf8_is_foreign) {
  for (const char* locale : {"C", "ja_JP", "ja_JP.UTF-8", "ja_JP.utf8@x", "en_US.utf-8"}) {
    ::setenv("LANG", locale, 1);
    EXPECT_EQ(foreign_encoding_of_locale(), "") << locale;
  }
  ::setenv("LC_CTYPE", "ja_JP.SJIS", 1);
  EXPECT_EQ(foreign_encoding_of_locale(), "SJIS");
  ::setenv("LC_ALL", "de_DE.ISO8859-15@euro", 1);
  EXPECT_EQ(foreign_encoding_of_locale(), "ISO8859-15");
}

}  // namespace
}  // namespace koshin
