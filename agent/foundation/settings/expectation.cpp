// SPDX-License-Identifier: MIT
#include "foundation/settings/expectation.hpp"

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/settings/name_pattern.hpp"

namespace koshin {
namespace {

constexpr std::size_t longest_shown = 200;

std::string shown(std::string_view text) {
  return printable(text, longest_shown);
}

/// A name, the setting that says what it should be, and whether that is a regular expression.
struct ExpectedName {
  const char* what;
  const char* setting;
  std::string expected;
  std::string_view found;
  bool pattern;
};

bool fits(const ExpectedName& name) {
  if (name.expected.empty()) return true;
  if (!name.pattern) return name.expected == name.found;
  if (const std::string trouble = pattern_trouble(name.expected); !trouble.empty())
    fail(Reason::settings_invalid, std::string(name.setting) + ": \"" + shown(name.expected) +
                                       "\" is not a regular expression: " + trouble);
  return fits_pattern(name.found, name.expected);
}

/// The first that does not fit; empty when all do.
std::optional<ExpectedName> first_that_differs(const CertificateNames& names,
                                               const Settings::Expect& expect) {
  const ExpectedName all[] = {
      {"organization", "expect.organization", expect.organization, names.organization, false},
      {"organizational unit", "expect.organizational_unit", expect.organizational_unit,
       names.organizational_unit, false},
      {"common name", "expect.common_name_pattern", expect.common_name_pattern, names.common_name, true},
      {"issuer", "expect.issuer_pattern", expect.issuer_pattern, names.issuer, true},
  };
  for (const ExpectedName& name : all)
    if (!fits(name)) return name;
  return {};
}

}  // namespace

std::optional<Unexpected> find_unexpected(const CertificateNames& names, const Settings::Expect& expect) {
  const auto name = first_that_differs(names, expect);
  if (!name) return {};
  return Unexpected{name->setting, shown(name->expected), shown(name->found)};
}

std::optional<std::string> why_unexpected(const CertificateNames& names, const Settings::Expect& expect) {
  const auto name = first_that_differs(names, expect);
  if (!name) return {};
  const std::string found = std::string(name->what);
  if (name->pattern)
    return found + " \"" + shown(name->found) + "\" does not fit " + name->setting + " \"" +
           shown(name->expected) + "\"";
  return found + " is \"" + shown(name->found) + "\", " + name->setting + " says \"" + shown(name->expected) +
         "\"";
}

bool names_user(std::string_view common_name, std::string_view user) {
  if (user.empty() || common_name == user) return true;
  return common_name.size() > user.size() && common_name.ends_with(user) &&
         common_name[common_name.size() - user.size() - 1] == ' ';
}

}  // namespace koshin
