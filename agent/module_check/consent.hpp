// SPDX-License-Identifier: MIT
// The token that a check may use, a person's agreement, and the secrets.
#pragma once

#include "cli/console.hpp"
#include "cli/interrupt.hpp"
#include "cli/job_secrets.hpp"
#include "module_check/arguments.hpp"
#include "module_check/look.hpp"
#include "module_check/stage.hpp"

namespace koshin::module_check {

/// The one token that the command line names. Throws FailureError{token_not_found}, {token_ambiguous},
/// {token_uninitialized}.
TokenFacts named_token(const CheckArguments& arguments, const std::vector<TokenFacts>& tokens);

/// Returns when --yes-use-token names the token's serial number, or a person has typed the token's label (its
/// serial number, where it has no label). Throws cli::UsageError for another serial number and where nobody
/// can be asked, cli::Declined for another answer.
void agree(const CheckArguments& arguments, const TokenFacts& token, const cli::Console& console,
           const cli::Interrupt& interrupt);

/// A job for the token with the PIN and, where the profile wants one, the security officer's, from where the
/// command line says. Throws as cli::prepare_job_on(), and the failures of read_pin_source(). Where `stage`
/// knows of a wrong PIN of an earlier check, the person has agreed to that one.
cli::PreparedJob open_access(const CheckArguments& arguments, const cli::Session& session, const Stage& stage,
                             const messages::TokenReport& token);

}  // namespace koshin::module_check
