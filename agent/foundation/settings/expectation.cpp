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

/// `what` is as `pattern` of the setting says, or why not.
std::optional<std::string> why_unlike(const char* what, const char* setting, const std::string& pattern,
                                      std::string_view found) {
  if (pattern.empty()) return {};
  const std::string key = std::string("expect.") + setting;
  if (const std::string trouble = pattern_trouble(pattern); !trouble.empty())
    fail(Reason::settings_invalid,
         key + ": \"" + printable(pattern, longest_shown) + "\" is not a regular expression: " + trouble);
  if (fits_pattern(found, pattern)) return {};
  return std::string(what) + " \"" + printable(found, longest_shown) + "\" does not fit " + key + " \"" +
         printable(pattern, longest_shown) + "\"";
}

}  // namespace

std::optional<std::string> why_unexpected(const CertificateNames& names, const Settings::Expect& expect) {
  if (auto why = why_unequal("organization", "organization", expect.organization, names.organization))
    return why;
  if (auto why = why_unequal("organizational unit", "organizational_unit", expect.organizational_unit,
                             names.organizational_unit))
    return why;
  if (auto why =
          why_unlike("common name", "common_name_pattern", expect.common_name_pattern, names.common_name))
    return why;
  return why_unlike("issuer", "issuer_pattern", expect.issuer_pattern, names.issuer);
}

bool names_user(std::string_view common_name, std::string_view user) {
  if (user.empty() || common_name == user) return true;
  return common_name.size() > user.size() && common_name.ends_with(user) &&
         common_name[common_name.size() - user.size() - 1] == ' ';
}

}  // namespace koshin
