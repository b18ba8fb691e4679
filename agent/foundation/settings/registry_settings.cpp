// SPDX-License-Identifier: MIT
#include "foundation/settings/registry_settings.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "foundation/base/small_letters.hpp"
#include "foundation/base/text.hpp"
#include "foundation/settings/layer_writer.hpp"

namespace koshin {
namespace {

using Part = WrongEntry::Part;

bool is_list(SettingType type) {
  return type == SettingType::text_list || type == SettingType::duration_list;
}

/// The types of the registry that a setting may have there.
std::string form(SettingType type) {
  switch (type) {
    case SettingType::boolean:
      return "1 (true) or 0 (false) as REG_DWORD";
    case SettingType::number:
      return "a whole number as REG_DWORD";
    case SettingType::seconds:
    case SettingType::optional_seconds:
      return "a whole number of seconds as REG_DWORD, or a text such as PT90S as REG_SZ";
    case SettingType::text_list:
    case SettingType::duration_list:
      return std::string(describe(type)) + " as REG_MULTI_SZ, or a key with the values 1, 2, …";
    case SettingType::choice:
    case SettingType::text:
    case SettingType::path:
    case SettingType::duration:
      break;
  }
  return std::string(describe(type)) + " as REG_SZ";
}

SettingValue as_list(const std::vector<std::string>& texts) {
  SettingValue::List list;
  for (const std::string& text : texts) list.push_back({text});
  return {std::move(list)};
}

[[noreturn]] void wrong_type(const SettingKey& key, const std::string& is) {
  throw WrongEntry{Part::value, std::string(key.name) + " must be " + form(key.type()) +
                                    (is.empty() ? "" : ", and ") + is};
}

SettingValue value_of(const SettingKey& key, const RegistryValue& given) {
  const SettingType type = key.type();
  if (const auto* const why = std::get_if<UnreadableData>(&given.data)) wrong_type(key, why->why);
  if (const auto* const number = std::get_if<std::uint32_t>(&given.data)) {
    if (type == SettingType::boolean && *number <= 1) return {*number == 1};
    const bool counts =
        type == SettingType::number || type == SettingType::seconds || type == SettingType::optional_seconds;
    if (!counts) wrong_type(key, type == SettingType::boolean ? "" : "is of the type REG_DWORD");
    return {static_cast<std::int64_t>(*number)};
  }
  if (const auto* const text = std::get_if<std::string>(&given.data)) {
    if (is_list(type) || type == SettingType::boolean || type == SettingType::number)
      wrong_type(key, "is of the type REG_SZ");
    return {*text};
  }
  if (!is_list(type)) wrong_type(key, "is of the type REG_MULTI_SZ");
  return as_list(std::get<std::vector<std::string>>(given.data));
}

/// A list as policy templates may write it: values "1", "2", … of texts, in the order of their numbers.
/// Throws WrongEntry for anything else.
std::vector<std::string> numbered(std::string_view name, const RegistryKey& key) {
  std::map<unsigned, std::string> texts;
  for (const RegistryValue& value : key.values) {
    unsigned number = 0;
    const char* const end = value.name.data() + value.name.size();
    const auto [stop, error] = std::from_chars(value.name.data(), end, number);
    const auto* const text = std::get_if<std::string>(&value.data);
    if (error != std::errc{} || stop != end || text == nullptr || !texts.emplace(number, *text).second)
      throw WrongEntry{Part::value, std::string(name) +
                                        " is a list: its values must be texts (REG_SZ) called 1, 2, …, and " +
                                        in_quotes(value.name) + " is not one"};
  }
  if (!key.keys.empty())
    throw WrongEntry{Part::value,
                     std::string(name) + " is a list, and has the key " + in_quotes(key.keys.front().name)};
  std::vector<std::string> list;
  list.reserve(texts.size());
  for (auto& [number, text] : texts) list.push_back(std::move(text));
  return list;
}

/// Reads one tree. Names in the registry are of no case; those of settings are in small letters. Lives for
/// one call of read_registry_settings().
class Tree {
 public:
  Tree(std::string_view place, const std::filesystem::path& folder)
      : place_(place), writer_(Author::administrator, place_, folder, no_locks_) {}

  SettingsLayer read(const RegistryKey& root) {
    for (const RegistryValue& value : root.values)
      note_at(place_ + '\\' + value.name, [&] { root_value(value); });
    for (const RegistryKey& key : root.keys) {
      const std::string path = place_ + '\\' + key.name;
      const std::string name = small_letters(key.name);
      if (name == "locked") {
        note_at(path, [&] { lock(numbered("locked", key), path); });
      } else if (name == "bank") {
        banks(key, path);
      } else {
        section(key, path);
      }
    }
    return std::move(writer_.layer());
  }

 private:
  /// Every mistake has the path of its key or value.
  void note_at(const std::string& path, const auto& read) {
    try {
      read();
    } catch (const WrongEntry& wrong) {
      note(path, writer_.whose() + wrong.problem);
    }
  }

  void note(const std::string& path, const std::string& problem) {
    const std::string text = path + ": " + problem;
    writer_.layer().mistakes.push_back({Reason::settings_invalid, printable(text), {}});
  }

  void root_value(const RegistryValue& value) {
    if (small_letters(value.name) != "locked")
      throw WrongEntry{
          Part::name, "unknown value " + in_quotes(value.name) + ": settings are in keys, such as authority"};
    const auto* const names = std::get_if<std::vector<std::string>>(&value.data);
    if (names == nullptr)
      throw WrongEntry{Part::value, "locked must be a list of keys such as authority.url as REG_MULTI_SZ"};
    lock(*names, place_ + "\\locked");
  }

  void lock(const std::vector<std::string>& names, const std::string& origin) {
    for (const std::string& name : names) note_at(origin, [&] { writer_.lock(name, origin); });
  }

  void banks(const RegistryKey& all, const std::string& path) {
    for (const RegistryValue& value : all.values)
      note_at(path + '\\' + value.name, [&] {
        throw WrongEntry{Part::name,
                         "unknown value " + in_quotes(value.name) + ": each bank is a key of its name"};
      });
    for (const RegistryKey& bank : all.keys) {
      one_bank(bank, path + '\\' + bank.name);
      writer_.end_bank();
    }
  }

  void one_bank(const RegistryKey& bank, const std::string& path) {
    try {
      writer_.begin_bank(bank.name);
    } catch (const WrongEntry& wrong) {  // what else is wrong in it is told too
      note(path, wrong.problem);
    }
    for (const RegistryValue& value : bank.values)
      note_at(path + '\\' + value.name, [&] {
        throw WrongEntry{Part::name, "unknown value " + in_quotes(value.name) +
                                         ": settings are in keys, such as authority"};
      });
    for (const RegistryKey& key : bank.keys) section(key, path + '\\' + key.name);
  }

  void section(const RegistryKey& key, const std::string& path) {
    const std::string name = small_letters(key.name);
    note_at(path, [&] {
      LayerWriter::check_section(name, true);
      std::set<std::string> given;
      for (const RegistryValue& value : key.values) {
        const std::string setting = name + '.' + small_letters(value.name);
        const std::string origin = path + '\\' + value.name;
        given.insert(setting);
        note_at(origin, [&] {
          const SettingKey& row = writer_.key_to_set(setting);
          writer_.set(row, value_of(row, value), origin);
        });
      }
      for (const RegistryKey& list : key.keys)
        note_at(path + '\\' + list.name, [&] { list_below(list, name, path, given); });
    });
  }

  void list_below(const RegistryKey& list, const std::string& section, const std::string& path,
                  const std::set<std::string>& given) {
    const std::string setting = section + '.' + small_letters(list.name);
    const SettingKey& row = writer_.key_to_set(setting);
    if (!is_list(row.type())) wrong_type(row, "is a key");
    if (given.contains(setting))
      throw WrongEntry{Part::name, setting + " is there twice: as a value and as a key"};
    writer_.set(row, as_list(numbered(setting, list)), path + '\\' + list.name);
  }

  const Locks no_locks_;  // an administrator's source is bound by none
  std::string place_;
  LayerWriter writer_;
};

}  // namespace

SettingsLayer read_registry_settings(std::string_view place, const RegistryKey& tree,
                                     const std::filesystem::path& folder) {
  return Tree(place, folder).read(tree);
}

void leave_out_what_policies_set(const SettingsLayer& policies, SettingsLayer& lower) {
  const auto leave_out = [](const Settings& set, Settings& from) {
    for (const auto& [key, origin] : set.origins)
      std::erase_if(from.origins, [&, &name = key](const auto& entry) { return entry.first == name; });
  };
  leave_out(policies.base, lower.base);
  for (Settings& bank : lower.banks) {
    leave_out(policies.base, bank);
    for (const Settings& set : policies.banks)
      if (set.bank() == bank.bank()) leave_out(set, bank);
  }
}

}  // namespace koshin
