// SPDX-License-Identifier: MIT
// Conversion of TOML values to settings values. Included by settings_file.cpp only, after toml++.
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
#include "foundation/settings/personal_values.hpp"
#include "foundation/settings/settings_checks.hpp"
#include "foundation/settings/settings_table.hpp"

namespace koshin {

inline constexpr std::size_t max_text = 4096;

/// An invalid value; caught where its place in the file is known.
struct WrongValue {
  std::string problem;
};

inline std::string to_text(const toml::node& node) {
  const auto value = node.value_exact<std::string>();
  if (!value) throw WrongValue{""};
  if (value->size() > max_text)
    throw WrongValue{"must not be longer than " + std::to_string(max_text) + " bytes"};
  const bool control = std::any_of(value->begin(), value->end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (control) throw WrongValue{"must not hold control characters"};
  return *value;
}

inline CalendarDuration to_duration(const toml::node& node) {
  const auto duration = CalendarDuration::parse(to_text(node));
  if (!duration) throw WrongValue{""};
  return *duration;
}

inline std::chrono::seconds to_seconds(const toml::node& node) {
  if (const auto number = node.value_exact<std::int64_t>()) {
    if (*number < 0 || *number > std::numeric_limits<int>::max())
      throw WrongValue{"must be a number of seconds that makes sense"};
    return std::chrono::seconds{*number};
  }
  const CalendarDuration duration = to_duration(node);
  if (duration.years != 0 || duration.months != 0) throw WrongValue{"must not be counted in months or years"};
  return std::chrono::days{duration.days} + duration.time;
}

inline void assign(std::string& value, const toml::node& node) {
  value = to_text(node);
}
inline void assign(const ChoiceMember::Reference& value, const toml::node& node) {
  if (!value.assign(to_text(node))) throw WrongValue{settings_checks::must_be_one_of(value.words())};
}
inline void assign(CalendarDuration& value, const toml::node& node) {
  value = to_duration(node);
}
inline void assign(std::chrono::seconds& value, const toml::node& node) {
  value = to_seconds(node);
}
inline void assign(std::optional<std::chrono::seconds>& value, const toml::node& node) {
  value = to_seconds(node);
}

inline void assign(std::filesystem::path& value, const toml::node& node,
                   const std::filesystem::path& folder) {
  const auto known = with_user(to_text(node));
  if (!known) throw WrongValue{"names %u or %h, and the system's user database does not know this user's"};
  const std::string& text = *known;
  value = text.empty() ? std::filesystem::path{} : (folder / path_of(text)).lexically_normal();
}
inline void assign(int& value, const toml::node& node) {
  const auto number = node.value_exact<std::int64_t>();
  if (!number) throw WrongValue{""};
  value = static_cast<int>(
      std::clamp<std::int64_t>(*number, std::numeric_limits<int>::min(), std::numeric_limits<int>::max()));
}
inline void assign(bool& value, const toml::node& node) {
  const auto truth = node.value_exact<bool>();
  if (!truth) throw WrongValue{""};
  value = *truth;
}
template <class T>
void assign(std::vector<T>& values, const toml::node& node) {
  const toml::array* const array = node.as_array();
  if (array == nullptr) throw WrongValue{""};
  values.clear();
  for (const toml::node& element : *array) assign(values.emplace_back(), element);
}

}  // namespace koshin
