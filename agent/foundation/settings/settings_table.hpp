// SPDX-License-Identifier: MIT
// The table of settings: every key, its member and its check. A test compares docs/settings.md with it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "foundation/settings/settings.hpp"

namespace koshin {

/// The TOML type of a key's value.
enum class SettingType {
  choice,  ///< a text, one of a few words (choices.hpp)
  text,
  text_list,
  path,     ///< a relative path is relative to the settings file's folder
  seconds,  ///< whole number of seconds, or "PT90S"
  optional_seconds,
  duration,  ///< "P1M"
  duration_list,
  number,
  boolean,
};

/// The meaning of a key in a [[bank]].
enum class SettingScope {
  bank,     ///< specific to one service or its token: not inherited from the base
  shared,   ///< inherited from the base unless the bank sets it
  machine,  ///< of the computer: a bank cannot set it
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
  /// The problem of the value in `settings`, as "must be …"; empty for a valid value.
  std::string (*check)(Settings& settings);
  bool administrator_only = false;  ///< always locked

  /// The alternatives of AnyMember are in the order of SettingType.
  SettingType type() const { return static_cast<SettingType>(member.index()); }
};

std::span<const SettingKey> settings_table();
/// The key of this name; nullptr when there is none.
const SettingKey* find_setting(std::string_view name);
/// The key most similar to a misspelled `name`; empty when none is similar.
std::string_view nearest_setting(std::string_view name);
/// The section most similar to a misspelled name ("authority").
std::string_view nearest_settings_section(std::string_view name);

/// "a text", "a list of durations such as \"P28D\"", …
std::string_view describe(SettingType type);
/// The value in TOML: "\"est\"", "10", "[\"P28D\", \"P7D\"]"; empty for an empty optional.
std::string setting_text(const Settings& settings, const SettingKey& key);

/// Copies the value of one key from `from` to `to`.
void copy_setting(const SettingKey& key, const Settings& from, Settings& to);

/// The default of reminders.thresholds in Settings that load_settings() made.
std::vector<CalendarDuration> default_thresholds();

}  // namespace koshin
