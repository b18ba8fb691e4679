// SPDX-License-Identifier: MIT
// What of a text may stand in a message on the desktop.
#pragma once

#include <string>

namespace koshin::desktop {

inline constexpr std::size_t longest_title = 300, longest_body = 2000;

/// Line breaks stay; what steers anything does not. `limit` is each line's, in bytes.
std::string harmless(const std::string& text, std::size_t limit);

}  // namespace koshin::desktop
