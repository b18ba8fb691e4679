// SPDX-License-Identifier: MIT
// docs/settings.md, held to the table.
#include <gmock/gmock.h>

#include <map>

#include "documents.hpp"
#include "files.hpp"
#include "foundation/settings/settings_table.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

constexpr std::size_t name_column = 0, type_column = 1, default_column = 2, locked_column = 3,
                      bank_column = 4, text_column = 5;

std::map<std::string, std::vector<std::string>> documented_keys() {
  std::map<std::string, std::vector<std::string>> keys;
  for (auto row : test::table_rows(test::document("settings.md")))
    keys[test::without_backticks(row.at(name_column))] = row;
  return keys;
}

std::string type_word(SettingType type) {
  switch (type) {
    case SettingType::choice:
    case SettingType::text:
      return "text";
    case SettingType::text_list:
      return "list of texts";
    case SettingType::path:
      return "path";
    case SettingType::seconds:
    case SettingType::optional_seconds:
      return "seconds";
    case SettingType::duration:
      return "duration";
    case SettingType::duration_list:
      return "list of durations";
    case SettingType::number:
      return "number";
    case SettingType::boolean:
      return "true/false";
  }
  return {};
}

std::string scope_word(SettingScope scope) {
  switch (scope) {
    case SettingScope::bank:
      return "own";
    case SettingScope::shared:
      return "";
    case SettingScope::machine:
      return "no";
  }
  return {};
}

TEST(SettingsDocument, ListsEveryKeyWithTypeDefaultAndLock) {
  const auto documented = documented_keys();
  const Settings defaults = load_settings({});
  for (const SettingKey& key : settings_table()) {
    const auto row = documented.find(std::string(key.name));
    ASSERT_NE(row, documented.end()) << key.name << " is not documented";
    EXPECT_EQ(row->second.at(type_column), type_word(key.type())) << key.name;
    const std::string value = setting_text(defaults, key);
    EXPECT_EQ(test::without_backticks(row->second.at(default_column)), value.empty() ? "none" : value)
        << key.name;
    EXPECT_EQ(row->second.at(locked_column), key.administrator_only ? "always" : "") << key.name;
    EXPECT_EQ(row->second.at(bank_column), scope_word(key.scope)) << key.name;
    EXPECT_GT(row->second.at(text_column).size(), 10U) << key.name;
  }
}

TEST(SettingsDocument, ListsNothingThatIsNoKey) {
  for (const auto& [name, row] : documented_keys()) EXPECT_NE(find_setting(name), nullptr) << name;
}

TEST(SettingsDocument, ItsExamplesAreAcceptedAndSetEveryKeyOnce) {
  const test::TemporaryDirectory folder;
  std::map<std::string, int> set;
  const auto examples = test::code_blocks(test::document("settings.md"), "toml");
  ASSERT_FALSE(examples.empty());
  for (const std::string& example : examples) {
    const auto file = test::write_file(folder.path() / "example.toml", example);
    for (const auto& [name, origin] :
         load_settings({.system_file = {}, .drop_in_directory = {}, .user_file = {}, .only = file}).origins)
      ++set[name];
  }
  for (const SettingKey& key : settings_table())
    EXPECT_GE(set[std::string(key.name)], 1) << key.name << " has no example";
}

TEST(SettingsTable, HasDefaultsThatItsOwnChecksAccept) {
  for (const SettingKey& key : settings_table()) {
    Settings defaults = load_settings({});
    if (key.type() == SettingType::optional_seconds) continue;  // without a value there is nothing to check
    EXPECT_EQ(key.check(defaults), "") << key.name;
  }
}

}  // namespace
}  // namespace koshin
