// SPDX-License-Identifier: MIT
// A link that leads nowhere, which the system's calls do not tell from a file that nobody has put there.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace koshin {

/// The first link on the way to `path`, or `path` itself, whose target does not exist. Empty when there is
/// none, also when that cannot be told.
std::optional<std::filesystem::path> dangling_link(const std::filesystem::path& path);

/// What to say of a path that is not there, where dangling_link() finds the reason, in English; empty
/// elsewhere: nobody has put anything there.
std::string why_leads_nowhere(const std::filesystem::path& path);

}  // namespace koshin
