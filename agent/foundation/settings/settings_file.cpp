// SPDX-License-Identifier: MIT
// One settings file: TOML into the members that the table names. The only source file that includes toml++.
#include "foundation/settings/settings_file.hpp"

// Of a wrong file ("[{") toml++ asserts something that it checks itself a few lines on. Without NDEBUG the
// assertion ends the process, with it some compilers take it as given and drop the check. Neither here.
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)  // NOLINT(cppcoreguidelines-macro-usage)
#include <toml++/toml.h>

#include <algorithm>
#include <limits>

#include "foundation/base/text.hpp"
#include "foundation/settings/settings_table.hpp"

namespace koshin {
namespace {

constexpr std::size_t max_text = 4096;

std::string in_quotes(std::string_view name) {
  return '"' + printable(name, 128) + '"';
}

/// A value that does not fit; caught where its place in the file is known.
struct WrongValue {
  std::string problem;
};

std::string to_text(const toml::node& node) {
  const auto value = node.value_exact<std::string>();
  if (!value) throw WrongValue{""};
  if (value->size() > max_text)
    throw WrongValue{"must not be longer than " + std::to_string(max_text) + " bytes"};
  const bool control = std::any_of(value->begin(), value->end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (control) throw WrongValue{"must not hold control characters"};
  return *value;
}

CalendarDuration to_duration(const toml::node& node) {
  const auto duration = CalendarDuration::parse(to_text(node));
  if (!duration) throw WrongValue{""};
  return *duration;
}

std::chrono::seconds to_seconds(const toml::node& node) {
  if (const auto number = node.value_exact<std::int64_t>()) {
    if (*number < 0 || *number > std::numeric_limits<int>::max())
      throw WrongValue{"must be a number of seconds that makes sense"};
    return std::chrono::seconds{*number};
  }
  const CalendarDuration duration = to_duration(node);
  if (duration.years != 0 || duration.months != 0) throw WrongValue{"must not be counted in months or years"};
  return std::chrono::days{duration.days} + duration.time;
}

/// Applies one file. Lives for one call of apply_settings_file().
class Applier {
 public:
  Applier(const std::filesystem::path& file, Author author, Settings& settings, Locks& locks)
      : file_(std::filesystem::absolute(file)), author_(author), settings_(settings), locks_(locks) {}

  void apply(const toml::table& root) {
    for (auto&& [key, node] : root) {
      note_mistakes([&, &name = key, &value = node] {
        if (name.str() == "locked") {
          lock(name, value);
        } else {
          section(name, value);
        }
      });
    }
  }

  void note(toml::source_position place, const std::string& what) {
    mistakes_.push_back({place.line, place.column, position(place) + ": " + what});
  }

  /// In the order of lines, which is not the one of a TOML table.
  std::vector<Failure> mistakes() {
    std::ranges::stable_sort(mistakes_, {}, [](const Mistake& m) { return std::pair(m.line, m.column); });
    std::vector<Failure> failures;
    for (const Mistake& mistake : mistakes_)
      failures.push_back({Reason::settings_invalid, printable(mistake.text), {}});
    return failures;
  }

 private:
  struct Mistake {
    toml::source_index line, column;
    std::string text;
  };
  /// What ends the reading of one key, and of no other.
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
      note(stop.place, stop.what);
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
    if (author_ == Author::user) refuse_locked(*setting, key);
    try {
      std::visit([&](auto member) { assign(member(settings_), node); }, setting->member);
    } catch (const WrongValue& wrong) {
      fail_at(
          node.source().begin,
          name + ' ' +
              (wrong.problem.empty() ? "must be " + std::string(describe(setting->type())) : wrong.problem));
    }
    if (const std::string problem = setting->check(settings_); !problem.empty())
      fail_at(node.source().begin, name + ' ' + problem);
    remember_origin(name, position(node.source().begin));
  }

  void refuse_locked(const SettingKey& setting, const toml::key& key) const {
    const auto lock = locks_.find(setting.name);
    if (lock != locks_.end())
      fail_at(key.source().begin,
              std::string(setting.name) + " is locked by the administrator (" + lock->second + ")");
    if (setting.administrator_only)
      fail_at(key.source().begin,
              std::string(setting.name) +
                  " can only be set by the administrator, in /etc/koshin/koshin.toml or /etc/koshin/conf.d");
  }

  [[noreturn]] static void unknown(const toml::key& key, const std::string& name, bool is_section) {
    std::string text = (is_section ? "unknown section " : "unknown key ") + in_quotes(name);
    const std::string_view near = is_section ? nearest_section(name) : nearest_setting(name);
    if (!near.empty()) text += "; did you mean " + in_quotes(near) + "?";
    fail_at(key.source().begin, text);
  }

  static std::string_view nearest_section(std::string_view name) {
    std::string_view nearest;
    std::size_t best = 4;
    for (const SettingKey& key : settings_table()) {
      const std::string_view section = key.name.substr(0, key.name.find('.'));
      const std::size_t distance = name.size() > 64 ? best : edit_distance(section, name);
      if (distance < best) {
        best = distance;
        nearest = section;
      }
    }
    return nearest;
  }

  void lock(const toml::key& key, const toml::node& node) {
    if (author_ == Author::user) fail_at(key.source().begin, "only an administrator's file can lock keys");
    const toml::array* const names = node.as_array();
    if (names == nullptr)
      fail_at(node.source().begin, "locked must be a list of keys such as [\"authority.url\"]");
    for (const toml::node& element : *names) {
      const auto name = element.value_exact<std::string>();
      if (!name) fail_at(element.source().begin, "locked must be a list of keys such as [\"authority.url\"]");
      if (find_setting(*name) == nullptr) unknown_lock(element, *name);
      locks_.try_emplace(*name, position(element.source().begin));
    }
  }

  [[noreturn]] static void unknown_lock(const toml::node& element, const std::string& name) {
    const std::string_view near = nearest_setting(name);
    fail_at(element.source().begin, "locked names the unknown key " + in_quotes(name) +
                                        (near.empty() ? "" : "; did you mean " + in_quotes(near) + "?"));
  }

  void remember_origin(const std::string& name, std::string place) {
    auto& origins = settings_.origins;
    const auto found = std::find_if(origins.begin(), origins.end(),
                                    [&](const auto& origin) { return origin.first == name; });
    if (found == origins.end()) {
      origins.emplace_back(name, std::move(place));
    } else {
      found->second = std::move(place);
    }
  }

  static void assign(std::string& value, const toml::node& node) { value = to_text(node); }
  static void assign(CalendarDuration& value, const toml::node& node) { value = to_duration(node); }
  static void assign(std::chrono::seconds& value, const toml::node& node) { value = to_seconds(node); }
  static void assign(std::optional<std::chrono::seconds>& value, const toml::node& node) {
    value = to_seconds(node);
  }

  void assign(std::filesystem::path& value, const toml::node& node) const {
    const std::string text = to_text(node);
    value = text.empty() ? std::filesystem::path{} : (file_.parent_path() / text).lexically_normal();
  }
  static void assign(int& value, const toml::node& node) {
    const auto number = node.value_exact<std::int64_t>();
    if (!number) throw WrongValue{""};
    value = static_cast<int>(
        std::clamp<std::int64_t>(*number, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
  }
  static void assign(bool& value, const toml::node& node) {
    const auto truth = node.value_exact<bool>();
    if (!truth) throw WrongValue{""};
    value = *truth;
  }
  template <class T>
  void assign(std::vector<T>& values, const toml::node& node) const {
    const toml::array* const array = node.as_array();
    if (array == nullptr) throw WrongValue{""};
    values.clear();
    for (const toml::node& element : *array) assign(values.emplace_back(), element);
  }

  std::filesystem::path file_;
  Author author_;
  Settings& settings_;
  Locks& locks_;
  std::vector<Mistake> mistakes_;
};

/// Where a byte of a text stands, as editors count: lines and characters from 1.
toml::source_position position_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  std::size_t column = 1;
  for (std::size_t i = line_start; i < offset; i += front_character(text.substr(i)).length) ++column;
  return {static_cast<toml::source_index>(std::count(before.begin(), before.end(), '\n') + 1),
          static_cast<toml::source_index>(column)};
}

}  // namespace

std::vector<Failure> apply_settings_file(const std::filesystem::path& file, std::string_view text,
                                         Author author, Settings& settings, Locks& locks) {
  Applier applier(file, author, settings, locks);
  if (const auto invalid = find_invalid_utf8(text)) {
    applier.note(position_of(text, *invalid), "this is not text in UTF-8");
  } else if (const auto zero = text.find('\0'); zero != std::string_view::npos) {
    applier.note(position_of(text, zero), "this is not a text file");
  } else {
    try {
      applier.apply(toml::parse(text));
    } catch (const toml::parse_error& error) {
      applier.note(error.source().begin, std::string(error.description()));
    }
  }
  return applier.mistakes();
}

}  // namespace koshin
