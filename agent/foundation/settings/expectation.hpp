// SPDX-License-Identifier: MIT
// Whose certificate it is: whether a name fits the settings, and whether it is a certain user's. Asked of
// certificates on the token, of those to be renewed and of those just issued, always here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foundation/settings/settings.hpp"

namespace koshin {

/// What settings.expect looks at of a certificate's subject.
struct HolderName {
  std::string_view organization, organizational_unit, common_name;
};

/// Why a name does not fit settings.expect, for a person to read; empty when it fits.
/// Throws FailureError{settings_invalid} for a pattern that is no regular expression.
std::optional<std::string> why_unexpected(const HolderName& name, const Settings::Expect& expect);

/// Whether a common name is this user's: the user ID itself, or a contract number, a blank and the user ID.
/// An empty user is everybody.
bool names_user(std::string_view common_name, std::string_view user);

}  // namespace koshin
