// SPDX-License-Identifier: MIT
// Which of several tokens a job is about, when a person can be asked.
#pragma once

#include "cli/session.hpp"
#include "cli/terminal.hpp"

namespace koshin::cli {

/// "Sakura Corp (serial 5c01…)"
std::string token_name(const messages::TokenReport& token);

/// Shows `names` under `title` and asks for a number; an index. Throws FailureError{interrupted} when none
/// was chosen.
std::size_t choose_number(const Session& session, Terminal& terminal, const std::string& title,
                          const std::vector<std::string>& names, const std::string& question);

/// Throws FailureError{token_not_found} (or why a module could not say), {token_ambiguous} when nobody can be
/// asked
/// (`terminal` null), {pin_cancelled} when the person chose none.
messages::TokenReport choose_token(const Session& session, const messages::InspectResult& found,
                                   Terminal* terminal);

}  // namespace koshin::cli
