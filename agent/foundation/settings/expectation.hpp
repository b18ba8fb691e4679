// SPDX-License-Identifier: MIT
// Whose certificate it is: whether its names fit the settings, and whether it is a certain user's. Asked of
// certificates on the token, of those to be renewed and of those just issued, always here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "foundation/settings/settings.hpp"

namespace koshin {

/// What settings.expect looks at of a certificate: its subject, and the issuer's name (RFC 2253).
struct CertificateNames {
  std::string_view organization, organizational_unit, common_name, issuer;
};

/// Why the names do not fit settings.expect, for a person to read; empty when they fit. (On which token a
/// certificate is, settings.expect.token_uri, is for renewal::assign_banks() to ask.)
/// Throws FailureError{settings_invalid} for a pattern that is no regular expression.
std::optional<std::string> why_unexpected(const CertificateNames& names, const Settings::Expect& expect);

/// Whether a common name is this user's: the user ID itself, or a contract number, a blank and the user ID.
/// An empty user is everybody.
bool names_user(std::string_view common_name, std::string_view user);

}  // namespace koshin
