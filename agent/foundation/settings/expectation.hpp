// SPDX-License-Identifier: MIT
// The names of a certificate compared with the settings, and with a user. Used for certificates on the token,
// those to be renewed and those just issued.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foundation/settings/settings.hpp"

namespace koshin {

/// The names that settings.expect is compared with: the subject's attributes, and the issuer's name (RFC
/// 2253).
struct CertificateNames {
  std::string_view organization, organizational_unit, common_name, issuer;
};

/// The first name that does not match settings.expect.
struct Unexpected {
  std::string setting;   ///< "expect.organization"
  std::string expected;  ///< its value: the name, or a regular expression
  std::string found;     ///< what the certificate has
};
/// Empty when all names match. Throws as why_unexpected() does.
std::optional<Unexpected> find_unexpected(const CertificateNames& names, const Settings::Expect& expect);

/// find_unexpected() as text, for IT staff. (renewal::assign_banks()
/// evaluates settings.expect.token_uri.) Throws FailureError{settings_invalid} for an invalid regular
/// expression.
std::optional<std::string> why_unexpected(const CertificateNames& names, const Settings::Expect& expect);

/// Whether a common name is this user's: the user ID itself, or a contract number, a blank and the user ID.
/// An empty user matches every name.
bool names_user(std::string_view common_name, std::string_view user);

}  // namespace koshin
