// SPDX-License-Identifier: MIT
// User-specific values in settings that an administrator deploys for all users.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace koshin {

/// Replaces "%u" by the name of the user who runs this process and "%h" by the user's home folder, both from
/// the system's user database, whatever the environment says; any other "%" stays. Empty when one of them is
/// used and unknown to the system.
std::optional<std::string> with_user(std::string_view text);

/// The placeholder for the certificate's rfc822Name.
inline constexpr std::string_view email_place = "%{email}";
/// The text with `email` in the place of email_place.
std::string with_email(std::string_view text, std::string_view email);

}  // namespace koshin
