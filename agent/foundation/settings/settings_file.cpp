// SPDX-License-Identifier: MIT
// Parses one settings file: TOML into the members of the table of settings. The only source that includes
// toml++.
#include "foundation/settings/settings_file.hpp"

// For an invalid file ("[{") toml++ asserts a condition that it checks a few lines later. Without NDEBUG the
// assertion ends the process; with NDEBUG some compilers assume the condition and drop the check.
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)  // NOLINT(cppcoreguidelines-macro-usage)
#include <toml++/toml.h>

#include <algorithm>
#include <limits>

#include "foundation/base/text.hpp"
#include "foundation/settings/settings_table.hpp"
#include "foundation/settings/toml_values.hpp"

namespace koshin {
namespace {

std::string in_quotes(std::string_view name) {
  return '"' + printable(name, 128) + '"';
}

/// Reads one file. Lives for one call of read_settings_file().
class Reader {
 public:
  Reader(const std::filesystem::path& file, Author author, const Locks& in_force)
      : file_(std::filesystem::absolute(file)), locks_(in_force) {
    layer_.author = author;
    layer_.origin = file_.string();
  }

  /// `bank`: the bank of the whole file; empty: the file may contain several banks.
  void read(const toml::table& root, std::string_view bank) {
    if (!bank.empty()) begin_bank(bank);
    for (auto&& [key, node] : root) {
      note_mistakes([&, &name = key, &value = node] {
        if (name.str() == "locked") {
          lock(name, value);
        } else if (name.str() == "bank" && bank.empty()) {
          banks(name, value);
        } else {
          section(name, value);
        }
      });
    }
  }

  void note(toml::source_position place, const std::string& what) {
    mistakes_.push_back({place.line, place.column, position(place) + ": " + what});
  }

  /// Sorted by line, unlike a TOML table.
  SettingsLayer take() {
    std::ranges::stable_sort(mistakes_, {}, [](const Mistake& m) { return std::pair(m.line, m.column); });
    for (const Mistake& mistake : mistakes_)
      layer_.mistakes.push_back({Reason::settings_invalid, printable(mistake.text), {}});
    return std::move(layer_);
  }

 private:
  struct Mistake {
    toml::source_index line, column;
    std::string text;
  };
  /// Thrown to end the parsing of a single key.
  struct Stop {
    toml::source_position place;
    std::string what;
  };

  [[noreturn]] static void fail_at(toml::source_position place, const std::string& what) {
    throw Stop{place, what};
  }

  /// Prefix of messages about a key of a named bank.
  std::string whose() const {
    return part_->bank().empty() ? std::string() : "bank " + in_quotes(part_->bank()) + ": ";
  }

  void note_mistakes(const auto& read) {
    try {
      read();
    } catch (const Stop& stop) {
      note(stop.place, whose() + stop.what);
    }
  }

  void begin_bank(std::string_view name) {
    part_ = &layer_.banks.emplace_back();
    part_->expect.bank = name;
  }

  void banks(const toml::key& key, const toml::node& node) {
    const toml::array* const tables = node.as_array();
    const bool are_tables = tables != nullptr && tables->is_homogeneous(toml::node_type::table);
    if (!are_tables) fail_at(key.source().begin, "each bank must be a section of its own: [[bank]]");
    for (const toml::node& element : *tables) {
      part_ = &layer_.base;
      note_mistakes([&] { one_bank(*element.as_table()); });
    }
    part_ = &layer_.base;
  }

  void one_bank(const toml::table& table) {
    const toml::node* const given = table.get("name");
    const auto place = given == nullptr ? table.source().begin : given->source().begin;
    const auto name = given == nullptr ? std::nullopt : given->value_exact<std::string>();
    if (!name || !is_bank_name(*name))
      fail_at(place, "a bank must have a name such as name = \"sakura\": " + std::string(bank_name_form));
    const bool twice =
        std::ranges::any_of(layer_.banks, [&](const auto& bank) { return bank.bank() == *name; });
    if (twice) fail_at(place, "the bank " + in_quotes(*name) + " is there twice in this file");
    begin_bank(*name);
    for (auto&& [key, node] : table) {
      if (key.str() == "name") continue;
      note_mistakes([&, &name_of_it = key, &value = node] { section(name_of_it, value); });
    }
  }

  std::string position(toml::source_position place) const {
    return file_.string() + ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
  }

  void section(const toml::key& key, const toml::node& node) {
    const std::string prefix = std::string(key.str()) + '.';
    const auto keys = settings_table();
    const bool known = std::any_of(keys.begin(), keys.end(),
                                   [&](const SettingKey& k) { return k.name.starts_with(prefix); });
    if (!known) unknown(key, std::string(key.str()), node.is_table());
    const toml::table* const table = node.as_table();
    if (table == nullptr)
      fail_at(key.source().begin,
              in_quotes(key.str()) + " must be a section: [" + std::string(key.str()) + "]");
    for (auto&& [name, value] : *table)
      note_mistakes(
          [&, &own = name, &node_of_it = value] { entry(prefix + std::string(own.str()), own, node_of_it); });
  }

  void entry(const std::string& name, const toml::key& key, const toml::node& node) {
    const SettingKey* const setting = find_setting(name);
    if (setting == nullptr) unknown(key, name, false);
    if (!part_->bank().empty() && setting->scope == SettingScope::machine)
      fail_at(key.source().begin, name + " is the same for all banks: it must be set outside of them");
    if (layer_.author == Author::user) refuse_locked(*setting, key);
    try {
      std::visit([&](auto member) { give(member(*part_), node); }, setting->member);
    } catch (const WrongValue& wrong) {
      fail_at(
          node.source().begin,
          name + ' ' +
              (wrong.problem.empty() ? "must be " + std::string(describe(setting->type())) : wrong.problem));
    }
    if (const std::string problem = setting->check(*part_); !problem.empty())
      fail_at(node.source().begin, name + ' ' + problem);
    part_->origins.emplace_back(name, position(node.source().begin));
  }

  void give(std::filesystem::path& value, const toml::node& node) const {
    assign(value, node, file_.parent_path());
  }
  static void give(auto&& value, const toml::node& node) { assign(value, node); }

  void refuse_locked(const SettingKey& setting, const toml::key& key) const {
    const auto lock = locks_.find(setting.name);
    if (lock != locks_.end())
      fail_at(key.source().begin,
              std::string(setting.name) + " is locked by the administrator (" + lock->second + ")");
    if (setting.administrator_only)
      fail_at(key.source().begin, std::string(setting.name) +
                                      " can only be set by the administrator, in /etc/koshin/koshin.toml, "
                                      "/etc/koshin/conf.d or /etc/koshin/banks.d");
  }

  [[noreturn]] static void unknown(const toml::key& key, const std::string& name, bool is_section) {
    std::string text = (is_section ? "unknown section " : "unknown key ") + in_quotes(name);
    const std::string_view near = is_section ? nearest_settings_section(name) : nearest_setting(name);
    if (!near.empty()) text += "; did you mean " + in_quotes(near) + "?";
    fail_at(key.source().begin, text);
  }

  void lock(const toml::key& key, const toml::node& node) {
    if (layer_.author == Author::user)
      fail_at(key.source().begin, "only an administrator's file can lock keys");
    const toml::array* const names = node.as_array();
    if (names == nullptr)
      fail_at(node.source().begin, "locked must be a list of keys such as [\"authority.url\"]");
    for (const toml::node& element : *names) {
      const auto name = element.value_exact<std::string>();
      if (!name) fail_at(element.source().begin, "locked must be a list of keys such as [\"authority.url\"]");
      if (find_setting(*name) == nullptr) unknown_lock(element, *name);
      layer_.locks.try_emplace(*name, position(element.source().begin));
    }
  }

  [[noreturn]] static void unknown_lock(const toml::node& element, const std::string& name) {
    const std::string_view near = nearest_setting(name);
    fail_at(element.source().begin, "locked names the unknown key " + in_quotes(name) +
                                        (near.empty() ? "" : "; did you mean " + in_quotes(near) + "?"));
  }

  std::filesystem::path file_;
  const Locks& locks_;
  SettingsLayer layer_;
  Settings* part_ = &layer_.base;  ///< the base or bank whose keys are being read
  std::vector<Mistake> mistakes_;
};

/// Line and column of a byte, in characters, starting with 1.
toml::source_position position_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  std::size_t column = 1;
  for (std::size_t i = line_start; i < offset; i += front_character(text.substr(i)).length) ++column;
  return {static_cast<toml::source_index>(std::count(before.begin(), before.end(), '\n') + 1),
          static_cast<toml::source_index>(column)};
}

}  // namespace

SettingsLayer read_settings_file(const std::filesystem::path& file, std::string_view text, Author author,
                                 const Locks& in_force, std::string_view bank) {
  Reader reader(file, author, in_force);
  if (const auto invalid = find_invalid_utf8(text)) {
    reader.note(position_of(text, *invalid), "this is not text in UTF-8");
  } else if (const auto zero = text.find('\0'); zero != std::string_view::npos) {
    reader.note(position_of(text, zero), "this is not a text file");
  } else {
    try {
      reader.read(toml::parse(text), bank);
    } catch (const toml::parse_error& error) {
      reader.note(error.source().begin, std::string(error.description()));
    }
  }
  return reader.take();
}

}  // namespace koshin
