// SPDX-License-Identifier: MIT
#include "foundation/settings/expectation.hpp"

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/settings/name_pattern.hpp"

namespace koshin {
namespace {

constexpr std::size_t longest_shown = 200;

std::optional<std::string> why_unequal(const char* what, const char* setting, std::string_view expected,
                                       std::string_view found) {
  if (expected.empty() || expected == found) return {};
  return std::string(what) + " is \"" + printable(found, longest_shown) + "\", expect." + setting +
         " says \"" + printable(expected, longest_shown) + "\"";
}

}  // namespace

std::optional<std::string> why_unexpected(const HolderName& name, const Settings::Expect& expect) {
  if (auto why = why_unequal("organization", "organization", expect.organization, name.organization))
    return why;
  if (auto why = why_unequal("organizational unit", "organizational_unit", expect.organizational_unit,
                             name.organizational_unit))
    return why;
  const std::string& pattern = expect.common_name_pattern;
  if (pattern.empty()) return {};
  if (const std::string trouble = pattern_trouble(pattern); !trouble.empty())
    fail(Reason::settings_invalid, "expect.common_name_pattern: \"" + printable(pattern, longest_shown) +
                                       "\" is not a regular expression: " + trouble);
  if (fits_pattern(name.common_name, pattern)) return {};
  return "common name \"" + printable(name.common_name, longest_shown) +
         "\" does not fit expect.common_name_pattern \"" + printable(pattern, longest_shown) + "\"";
}

bool names_user(std::string_view common_name, std::string_view user) {
  if (user.empty() || common_name == user) return true;
  return common_name.size() > user.size() && common_name.ends_with(user) &&
         common_name[common_name.size() - user.size() - 1] == ' ';
}

}  // namespace koshin
