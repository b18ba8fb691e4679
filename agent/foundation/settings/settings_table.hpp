// SPDX-License-Identifier: MIT
// The one table of settings: every key, where its value goes, and what a value must be. docs/settings.md is
// held to it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "foundation/settings/settings.hpp"

namespace koshin {

/// How a key's value is written in TOML.
enum class SettingType {
  choice,  ///< a text, one of a few words (choices.hpp)
  text,
  text_list,
  path,     ///< a relative one is relative to the folder of the file it stands in
  seconds,  ///< whole number of seconds, or "PT90S"
  optional_seconds,
  duration,  ///< "P1M"
  duration_list,
  number,
  boolean,
};

/// What a key in a [[bank]] means.
enum class SettingScope {
  bank,     ///< it tells of one service or of its token: no bank has it from the base
  shared,   ///< a bank that does not set it has the base's
  machine,  ///< of the computer: banks have none of their own
};

/// A member that is an enum with words.
class ChoiceMember {
 public:
  /// The value in some settings, to be read and written by its word.
  class Reference {
   public:
    Reference(const ChoiceMember& member, Settings& settings) : member_(member), settings_(settings) {}
    std::string_view word() const { return words()[member_.read_(settings_)]; }
    std::span<const std::string_view> words() const { return member_.words_; }
    /// False, and nothing is changed, for a word that stands for no value.
    bool assign(std::string_view word) const;

   private:
    const ChoiceMember& member_;
    Settings& settings_;
  };

  constexpr ChoiceMember(std::span<const std::string_view> words, std::size_t (*read)(Settings&),
                         void (*write)(Settings&, std::size_t))
      : words_(words), read_(read), write_(write) {}
  Reference operator()(Settings& settings) const { return {*this, settings}; }

 private:
  std::span<const std::string_view> words_;
  std::size_t (*read_)(Settings&);
  void (*write_)(Settings&, std::size_t);
};

struct SettingKey {
  template <class T>
  using Member = T& (*)(Settings&);
  using AnyMember = std::variant<ChoiceMember, Member<std::string>, Member<std::vector<std::string>>,
                                 Member<std::filesystem::path>, Member<std::chrono::seconds>,
                                 Member<std::optional<std::chrono::seconds>>, Member<CalendarDuration>,
                                 Member<std::vector<CalendarDuration>>, Member<int>, Member<bool>>;

  std::string_view name;  ///< "authority.url"
  SettingScope scope;
  AnyMember member;
  /// What is wrong with the value that `settings` now holds, as "must be …"; empty when nothing is.
  std::string (*check)(Settings& settings);
  bool administrator_only = false;  ///< locked, whatever `locked` says

  /// The alternatives of AnyMember are in the order of SettingType.
  SettingType type() const { return static_cast<SettingType>(member.index()); }
};

std::span<const SettingKey> settings_table();
/// nullptr for a name that is no key.
const SettingKey* find_setting(std::string_view name);
/// The key that somebody who wrote `name` most likely meant; empty when nothing is near.
std::string_view nearest_setting(std::string_view name);
/// The same of a section's name ("authority").
std::string_view nearest_settings_section(std::string_view name);

/// "a text", "a list of durations such as \"P28D\"", …
std::string_view describe(SettingType type);
/// The value as it would be written in TOML: "\"est\"", "10", "[\"P28D\", \"P7D\"]"; empty for an optional
/// without value.
std::string setting_text(const Settings& settings, const SettingKey& key);

/// The value of one key in `from` is that in `to` from now on.
void copy_setting(const SettingKey& key, const Settings& from, Settings& to);

/// Default of reminders.thresholds; what a Settings holds that load_settings() made from no file at all.
std::vector<CalendarDuration> default_thresholds();

}  // namespace koshin
