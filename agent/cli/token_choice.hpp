// SPDX-License-Identifier: MIT
// The token that a job is about, chosen by a person where there are several.
#pragma once

#include "cli/session.hpp"
#include "cli/terminal.hpp"

namespace koshin::cli {

/// "Sakura Corp (serial 5c01…)"
std::string token_name(const messages::TokenReport& token);

/// Shows `names` under `title`, asks for a number and returns an index. Throws FailureError{interrupted} when
/// none was chosen.
std::size_t choose_number(const Session& session, Terminal& terminal, const std::string& title,
                          const std::vector<std::string>& names, const std::string& question);

/// The only token, or the person's choice. Throws FailureError{token_not_found} (or the failure of a module),
/// {token_ambiguous} when nobody can be asked (`terminal` null), {pin_cancelled} when the person chose none.
messages::TokenReport choose_token(const Session& session, const messages::InspectResult& found,
                                   Terminal* terminal);

}  // namespace koshin::cli
