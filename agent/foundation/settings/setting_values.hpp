// SPDX-License-Identifier: MIT
// Values as sources of settings have them, and their conversion to the members of Settings. Included by
// layer_writer.cpp only, but for SettingValue.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/settings/layer_writer.hpp"
#include "foundation/settings/personal_values.hpp"
#include "foundation/settings/settings_checks.hpp"
#include "foundation/settings/settings_table.hpp"

namespace koshin {

inline constexpr std::size_t max_text = 4096;

/// An invalid value; caught where its key is known. An empty problem: it is of another type.
struct WrongValue {
  std::string problem;
};

inline std::string to_text(const SettingValue& given) {
  const auto* const value = std::get_if<std::string>(&given.value);
  if (value == nullptr) throw WrongValue{""};
  if (value->size() > max_text)
    throw WrongValue{"must not be longer than " + std::to_string(max_text) + " bytes"};
  const bool control = std::any_of(value->begin(), value->end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (control) throw WrongValue{"must not hold control characters"};
  return *value;
}

inline CalendarDuration to_duration(const SettingValue& given) {
  const auto duration = CalendarDuration::parse(to_text(given));
  if (!duration) throw WrongValue{""};
  return *duration;
}

inline std::chrono::seconds to_seconds(const SettingValue& given) {
  if (const auto* const number = std::get_if<std::int64_t>(&given.value)) {
    if (*number < 0 || *number > std::numeric_limits<int>::max())
      throw WrongValue{"must be a number of seconds that makes sense"};
    return std::chrono::seconds{*number};
  }
  const CalendarDuration duration = to_duration(given);
  if (duration.years != 0 || duration.months != 0) throw WrongValue{"must not be counted in months or years"};
  return std::chrono::days{duration.days} + duration.time;
}

inline void assign(std::string& value, const SettingValue& given) {
  value = to_text(given);
}
inline void assign(const ChoiceMember::Reference& value, const SettingValue& given) {
  if (!value.assign(to_text(given))) throw WrongValue{settings_checks::must_be_one_of(value.words())};
}
inline void assign(CalendarDuration& value, const SettingValue& given) {
  value = to_duration(given);
}
inline void assign(std::chrono::seconds& value, const SettingValue& given) {
  value = to_seconds(given);
}
inline void assign(std::optional<std::chrono::seconds>& value, const SettingValue& given) {
  value = to_seconds(given);
}

/// `folder`: what a relative path is relative to.
inline void assign(std::filesystem::path& value, const SettingValue& given,
                   const std::filesystem::path& folder) {
  const auto known = with_user(to_text(given));
  if (!known) throw WrongValue{"names %u or %h, and the system's user database does not know this user's"};
  const std::string& text = *known;
  value = text.empty() ? std::filesystem::path{} : (folder / path_of(text)).lexically_normal();
}
inline void assign(int& value, const SettingValue& given) {
  const auto* const number = std::get_if<std::int64_t>(&given.value);
  if (number == nullptr) throw WrongValue{""};
  value = static_cast<int>(
      std::clamp<std::int64_t>(*number, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}
inline void assign(bool& value, const SettingValue& given) {
  const auto* const truth = std::get_if<bool>(&given.value);
  if (truth == nullptr) throw WrongValue{""};
  value = *truth;
}
template <class T>
void assign(std::vector<T>& values, const SettingValue& given) {
  const auto* const list = std::get_if<SettingValue::List>(&given.value);
  if (list == nullptr) throw WrongValue{""};
  values.clear();
  for (const SettingValue& element : *list) assign(values.emplace_back(), element);
}

}  // namespace koshin
