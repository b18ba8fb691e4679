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

#include "foundation/base/text.hpp"
#include "foundation/settings/layer_writer.hpp"

namespace koshin {
namespace {

SettingValue value_of(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return {*text};
  if (const auto number = node.value_exact<std::int64_t>()) return {*number};
  if (const auto truth = node.value_exact<bool>()) return {*truth};
  SettingValue::List list;
  const toml::array* const array = node.as_array();
  if (array == nullptr) return {};
  for (const toml::node& element : *array) list.push_back(value_of(element));
  return {std::move(list)};
}

/// Reads one file. Lives for one call of read_settings_file().
class Reader {
 public:
  Reader(const std::filesystem::path& file, Author author, const Locks& in_force)
      : file_(std::filesystem::absolute(file)),
        writer_(author, file_.string(), file_.parent_path(), in_force) {}

  /// `bank`: the bank of the whole file; empty: the file may contain several banks.
  void read(const toml::table& root, std::string_view bank) {
    if (!bank.empty()) writer_.begin_bank(bank);
    for (auto&& [key, node] : root) {
      note_mistakes([&, &name = key, &value = node] {
        if (name.str() == "locked") {
          lock(name, value);
        } else if (name.str() == "bank" && bank.empty()) {
          banks(name, value);
        } else {
          if (!bank.empty()) check_written_as_one_bank(name);
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
      writer_.layer().mistakes.push_back({Reason::settings_invalid, printable(mistake.text), {}});
    return std::move(writer_.layer());
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

  void note_mistakes(const auto& read) {
    try {
      read();
    } catch (const Stop& stop) {
      note(stop.place, writer_.whose() + stop.what);
    }
  }

  /// Gives what the writer does not take its place in the file: that of the key or of its value.
  static void at(toml::source_position key, toml::source_position value, const auto& write) {
    try {
      write();
    } catch (const WrongEntry& wrong) {
      fail_at(wrong.part == WrongEntry::Part::name ? key : value, wrong.problem);
    }
  }

  /// In a file of one bank, what stands around the bank's sections in a file of several.
  static void check_written_as_one_bank(const toml::key& key) {
    const auto place = key.source().begin;
    if (key.str() == "name") fail_at(place, "a bank has its name from that of its file: leave name out");
    if (key.str() == "bank")
      fail_at(place,
              "its file holds one bank, and its sections stand there by themselves: leave [[bank]] out, and "
              "write [authority] for [bank.authority]");
  }

  void banks(const toml::key& key, const toml::node& node) {
    const toml::array* const tables = node.as_array();
    const bool are_tables = tables != nullptr && tables->is_homogeneous(toml::node_type::table);
    if (!are_tables) fail_at(key.source().begin, "each bank must be a section of its own: [[bank]]");
    for (const toml::node& element : *tables) {
      writer_.end_bank();
      note_mistakes([&] { one_bank(*element.as_table()); });
    }
    writer_.end_bank();
  }

  void one_bank(const toml::table& table) {
    const toml::node* const given = table.get("name");
    const auto place = given == nullptr ? table.source().begin : given->source().begin;
    const auto name = given == nullptr ? std::nullopt : given->value_exact<std::string>();
    try {
      writer_.begin_bank(name.value_or(""));
    } catch (const WrongEntry& wrong) {  // what else is wrong in it is told too
      note(place, wrong.problem);
    }
    for (auto&& [key, node] : table) {
      if (key.str() == "name") continue;
      note_mistakes([&, &name_of_it = key, &value = node] { section(name_of_it, value); });
    }
  }

  std::string position(toml::source_position place) const {
    return file_.string() + ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
  }

  void section(const toml::key& key, const toml::node& node) {
    const auto place = key.source().begin;
    at(place, place, [&] { LayerWriter::check_section(key.str(), node.is_table()); });
    const toml::table* const table = node.as_table();
    if (table == nullptr)
      fail_at(place, in_quotes(key.str()) + " must be a section: [" + std::string(key.str()) + "]");
    const std::string prefix = std::string(key.str()) + '.';
    for (auto&& [name, value] : *table)
      note_mistakes(
          [&, &own = name, &node_of_it = value] { entry(prefix + std::string(own.str()), own, node_of_it); });
  }

  void entry(const std::string& name, const toml::key& key, const toml::node& node) {
    const auto value = node.source().begin;
    at(key.source().begin, value,
       [&] { writer_.set(writer_.key_to_set(name), value_of(node), position(value)); });
  }

  void lock(const toml::key& key, const toml::node& node) {
    at(key.source().begin, key.source().begin, [&] { writer_.check_locks_allowed(); });
    const toml::array* const names = node.as_array();
    if (names == nullptr)
      fail_at(node.source().begin, "locked must be a list of keys such as [\"authority.url\"]");
    for (const toml::node& element : *names) {
      const auto place = element.source().begin;
      const auto name = element.value_exact<std::string>();
      if (!name) fail_at(place, "locked must be a list of keys such as [\"authority.url\"]");
      at(place, place, [&] { writer_.lock(*name, position(place)); });
    }
  }

  std::filesystem::path file_;
  LayerWriter writer_;
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

/// What to do about a file that is no TOML: toml++ says what it has met, and not how it is written instead.
std::string remedy_for(std::string_view description) {
  const auto says = [&](std::string_view words) { return description.find(words) != std::string_view::npos; };
  if (says("cannot redefine")) return "; it is there twice: keep one of them";
  if (says("escape sequence"))
    return "; a backslash begins an escape in \"…\": put a path into '…', or write it with \"/\"";
  if (says("could not determine value type")) return "; a text stands in quotation marks: key = \"text\"";
  if (says("parsing string"))
    return "; close the text with the quotation mark it begins with, in the same line";
  return "; koshin.toml(5) shows how settings are written";
}

}  // namespace

SettingsLayer read_settings_file(const std::filesystem::path& file, std::string_view text, Author author,
                                 const Locks& in_force, std::string_view bank) {
  Reader reader(file, author, in_force);
  if (const auto invalid = find_invalid_utf8(text)) {
    reader.note(position_of(text, *invalid), "this is not text in UTF-8: save the file as UTF-8");
  } else if (const auto zero = text.find('\0'); zero != std::string_view::npos) {
    reader.note(position_of(text, zero), "this is not a text file");
  } else {
    try {
      reader.read(toml::parse(text), bank);
    } catch (const toml::parse_error& error) {
      reader.note(error.source().begin, std::string(error.description()) + remedy_for(error.description()));
    }
  }
  return reader.take();
}

}  // namespace koshin
