// SPDX-License-Identifier: MIT
// What the agent and koshin-ui write to each other (docs/agent.md).
#pragma once

#include <cstddef>
#include <string>

#include "parent_link.hpp"

namespace koshin::ui {

/// What an agent writes in a line at most, with the newline.
inline constexpr std::size_t longest_line = 4096;

/// Calls the listener for a line of the agent. Ignores unknown messages, which a newer agent may send.
void pass_on(const std::string& line, const ParentLink::Listener& listener);
/// Writes to standard output that this page now handles that token. The characters of a URI need no escape in
/// JSON.
void print_went_on(const std::string& token_uri);

}  // namespace koshin::ui
