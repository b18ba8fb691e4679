// SPDX-License-Identifier: MIT
// Values that differ from person to person in settings that one administrator deploys for all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace koshin {

/// "%u" is the name of the user who runs this process, "%h" his home folder, both as the system's user
/// database has them, whatever the environment says; any other "%" stays. Empty when one of them stands there
/// and the system does not know it.
std::optional<std::string> with_user(std::string_view text);

/// Stands for the certificate's rfc822Name.
inline constexpr std::string_view email_place = "%{email}";
/// The text with the address in that place.
std::string with_email(std::string_view text, std::string_view email);

}  // namespace koshin
