// SPDX-License-Identifier: MIT
#include "foundation/settings/expectation.hpp"

#include <regex>

#include "foundation/failures/failure.hpp"

namespace koshin {
namespace {

constexpr std::size_t longest_common_name = 512;
constexpr std::size_t longest_shown = 200;

std::optional<std::string> why_unequal(const char* what, std::string_view expected, std::string_view found) {
  if (expected.empty() || expected == found) return {};
  return std::string(what) + " is \"" + printable(found, longest_shown) + "\", the settings expect \"" +
         printable(expected, longest_shown) + "\"";
}

bool matches(std::string_view name, const std::string& pattern) {
  try {
    const std::regex expression(pattern, std::regex::ECMAScript);
    return name.size() <= longest_common_name && std::regex_match(name.begin(), name.end(), expression);
  } catch (const std::regex_error& error) {
    fail(Reason::settings_invalid, "expect.common_name_pattern: \"" + printable(pattern, longest_shown) +
                                       "\" is not an ECMAScript regular expression: " + error.what());
  }
}

}  // namespace

std::optional<std::string> why_unexpected(const HolderName& name, const Settings::Expect& expect) {
  if (auto why = why_unequal("organization", expect.organization, name.organization)) return why;
  if (auto why = why_unequal("organizational unit", expect.organizational_unit, name.organizational_unit))
    return why;
  const std::string& pattern = expect.common_name_pattern;
  if (pattern.empty() || matches(name.common_name, pattern)) return {};
  return "common name \"" + printable(name.common_name, longest_shown) +
         "\" does not fit expect.common_name_pattern \"" + printable(pattern, longest_shown) + "\"";
}

bool names_user(std::string_view common_name, std::string_view user) {
  if (user.empty() || common_name == user) return true;
  return common_name.size() > user.size() && common_name.ends_with(user) &&
         common_name[common_name.size() - user.size() - 1] == ' ';
}

}  // namespace koshin
