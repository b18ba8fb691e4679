// SPDX-License-Identifier: MIT
#include "foundation/settings/layer_writer.hpp"

#include <algorithm>
#include <utility>

#include "foundation/base/text.hpp"
#include "foundation/settings/setting_values.hpp"
#include "foundation/system/paths.hpp"

namespace koshin {
namespace {

using Part = WrongEntry::Part;

[[noreturn]] void unknown(std::string_view name, bool is_section) {
  std::string text = (is_section ? "unknown section " : "unknown key ") + in_quotes(name);
  const std::string_view similar = is_section ? nearest_settings_section(name) : nearest_setting(name);
  if (!similar.empty()) text += "; did you mean " + in_quotes(similar) + "?";
  throw WrongEntry{Part::name, text};
}

/// Where an administrator sets what users cannot.
std::string administrators_places() {
  const std::filesystem::path folder = paths::system_settings_directory();
  return (folder / "koshin.toml").string() + ", " + (folder / "conf.d").string() + " or " +
         (folder / "banks.d").string();
}

void give(std::filesystem::path& value, const SettingValue& given, const std::filesystem::path& folder) {
  assign(value, given, folder);
}
void give(auto&& value, const SettingValue& given, const std::filesystem::path& /*folder*/) {
  assign(value, given);
}

}  // namespace

std::string in_quotes(std::string_view name) {
  return '"' + printable(name, 128) + '"';
}

LayerWriter::LayerWriter(Author author, std::string origin, std::filesystem::path folder,
                         const Locks& in_force)
    : folder_(std::move(folder)), locks_(in_force) {
  layer_.author = author;
  layer_.origin = std::move(origin);
}

void LayerWriter::begin_bank(std::string_view name) {
  nowhere_ = {};
  nowhere_.expect.bank = name.empty() ? "?" : name;  // never empty: it is a bank's part
  part_ = &nowhere_;
  if (!is_bank_name(name))
    throw WrongEntry{Part::value,
                     "a bank must have a name such as name = \"sakura\": " + std::string(bank_name_form)};
  if (const Settings* const other = bank_alike(layer_.banks, name))
    throw WrongEntry{Part::value, "the bank " + in_quotes(name) + " is there twice in this file" +
                                      (other->bank() == name ? "" : ", once as " + in_quotes(other->bank())) +
                                      ": put the two together, or give one another name"};
  part_ = &layer_.banks.emplace_back();
  part_->expect.bank = name;
}

std::string LayerWriter::whose() const {
  return part_->bank().empty() ? std::string() : "bank " + in_quotes(part_->bank()) + ": ";
}

void LayerWriter::check_section(std::string_view name, bool is_section) {
  const std::string prefix = std::string(name) + '.';
  const bool known = std::ranges::any_of(settings_table(),
                                         [&](const SettingKey& key) { return key.name.starts_with(prefix); });
  if (!known) unknown(name, is_section);
}

const SettingKey& LayerWriter::key_to_set(std::string_view name) const {
  const SettingKey* const key = find_setting(name);
  if (key == nullptr) unknown(name, false);
  if (!part_->bank().empty() && key->scope == SettingScope::machine)
    throw WrongEntry{Part::name,
                     std::string(name) + " is the same for all banks: it must be set outside of them"};
  if (layer_.author == Author::administrator) return *key;
  if (const auto lock = locks_.find(name); lock != locks_.end())
    throw WrongEntry{Part::name,
                     std::string(name) + " is locked by the administrator (" + lock->second + ")"};
  if (key->administrator_only)
    throw WrongEntry{Part::name, std::string(name) + " can only be set by the administrator, in " +
                                     administrators_places()};
  return *key;
}

void LayerWriter::set(const SettingKey& key, const SettingValue& value, const std::string& origin) {
  const std::string name(key.name);
  try {
    std::visit([&](auto member) { give(member(*part_), value, folder_); }, key.member);
  } catch (const WrongValue& wrong) {
    throw WrongEntry{Part::value, name + ' ' +
                                      (wrong.problem.empty() ? "must be " + std::string(describe(key.type()))
                                                             : wrong.problem)};
  }
  if (const std::string problem = key.check(*part_); !problem.empty())
    throw WrongEntry{Part::value, name + ' ' + problem};
  part_->origins.emplace_back(name, origin);
}

void LayerWriter::lock(const std::string& name, const std::string& origin) {
  if (find_setting(name) == nullptr) {
    const std::string_view similar = nearest_setting(name);
    throw WrongEntry{Part::value, "locked names the unknown key " + in_quotes(name) +
                                      (similar.empty() ? "" : "; did you mean " + in_quotes(similar) + "?")};
  }
  layer_.locks.try_emplace(name, origin);
}

void LayerWriter::check_locks_allowed() const {
  if (layer_.author == Author::user)
    throw WrongEntry{Part::name, "only an administrator's file can lock keys"};
}

}  // namespace koshin
