// SPDX-License-Identifier: MIT
#include "setup_properties.hpp"

#include <array>
#include <fstream>
#include <sstream>

#include "foundation/base/text.hpp"
#include "foundation/settings/layer_writer.hpp"
#include "foundation/settings/settings_file.hpp"

namespace koshin::setup {
namespace {

constexpr std::size_t largest_bank_file = 256UL * 1024;  // as a settings file

constexpr SetupProperty properties[] = {
#define KOSHIN_PROPERTY(name, key) {#name, key, false},
#define KOSHIN_LIST_PROPERTY(name, key) {#name, key, true},
#include "properties.def"
#undef KOSHIN_PROPERTY
#undef KOSHIN_LIST_PROPERTY
};

}  // namespace

std::span<const SetupProperty> setup_properties() {
  return properties;
}

std::vector<std::string> wrong_properties(const std::function<std::string(std::string_view)>& value) {
  std::vector<std::string> wrong;
  const Locks none;
  LayerWriter writer(Author::administrator, "installer", {}, none);
  for (const SetupProperty& property : properties) {
    const std::string text = value(property.name);
    if (text.empty()) continue;
    try {
      SettingValue given{text};
      if (property.is_list) given = {SettingValue::List{given}};
      writer.set(writer.key_to_set(property.key), given, std::string(property.name));
    } catch (const WrongEntry& entry) {
      wrong.push_back(printable(std::string(property.name) + ": " + entry.problem, 1000));
    }
  }
  return wrong;
}

std::vector<std::string> wrong_bank_file(const std::filesystem::path& file) {
  const std::string begin = "BANK_FILE: " + file.string() + ": ";
  if (!file.is_absolute()) return {begin + "must be an absolute path"};
  const std::string bank = file.stem().string();
  if (file.extension() != ".toml" || !is_bank_name(bank))
    return {printable(begin + "must be called as its bank, " + std::string(bank_name_form) + ", and .toml",
                      1000)};
  std::ifstream stream(file, std::ios::binary);
  std::string text(largest_bank_file + 1, '\0');
  if (!stream) return {printable(begin + "cannot be read", 1000)};
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > largest_bank_file) return {printable(begin + "is larger than 256 KiB", 1000)};
  std::vector<std::string> wrong;
  for (const Failure& mistake : read_settings_file(file, text, Author::administrator, {}, bank).mistakes)
    wrong.push_back("BANK_FILE: " + mistake.detail);
  return wrong;
}

}  // namespace koshin::setup
