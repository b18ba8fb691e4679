// SPDX-License-Identifier: MIT
// The bank's word for the PIN, by the same table as the page's (tests/ui-bridge/catalogue_test.mjs).
#include "foundation/base/pin_name.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "foundation/base/name_by_language.hpp"

namespace koshin {
namespace {

TEST(PinName, StandsForTheWordAndForNothingElse) {
  std::ifstream file(PIN_NAMES);
  const auto rows = nlohmann::json::parse(file);
  ASSERT_GE(rows.size(), 10U);
  for (const auto& row : rows) {
    const std::string text = row["text"], name = row["name"];
    EXPECT_EQ(call_pin(text, name), row["said"].get<std::string>()) << text;
  }
}

TEST(NameByLanguage, PrefersItsOwnLanguageAndThenTheOneForAll) {
  NameByLanguage name;
  EXPECT_TRUE(name.empty());
  EXPECT_EQ(name.in_any(Language::en), "");
  name.of(Language::ja) = "さくら銀行";
  EXPECT_FALSE(name.empty());
  EXPECT_EQ(name.in(Language::en), "");
  EXPECT_EQ(name.in_any(Language::en), "さくら銀行");
  name.for_all = "Sakura";
  EXPECT_EQ(name.in(Language::en), "Sakura");
  EXPECT_EQ(name.in(Language::ja), "さくら銀行");
}

}  // namespace
}  // namespace koshin
