// SPDX-License-Identifier: MIT
// The checks: koshin's own jobs, run by its worker, one after the other.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cli/job_secrets.hpp"
#include "module_check/report.hpp"
#include "module_check/stage.hpp"

namespace koshin::module_check {

struct CheckContext {
  const CheckArguments& arguments;
  const cli::Session& session;
  Stage& stage;
  Report& report;
  messages::TokenReport token;         ///< as seen without the PIN
  cli::PreparedJob access;             ///< names the token and holds the secrets
  std::set<std::string> deleted{};     ///< SHA-256 of the certificates that were deleted
  std::set<std::string> kept_keys{};   ///< CKA_IDs of keys that the module keeps although it has deleted them
  std::vector<std::string> notices{};  ///< codes of the notices of the last job
};

/// Runs one job for the token, with the PIN, for `kind` also the other secrets that it needs, and
/// `extra` in addition. Returns its final event. Throws FailureError{interrupted} after a stop request.
messages::Event run_job_of(CheckContext& context, messages::Job job, const cli::Secrets& secrets);
/// A job of this kind for the token.
messages::Job job_of(const CheckContext& context, messages::JobKind kind);
/// The PIN, and the security officer's where there is one.
cli::Secrets secrets_of(const CheckContext& context, messages::JobKind kind);
/// The token with everything that shows with the PIN.
messages::TokenReport inspect_with_pin(CheckContext& context);

/// Runs all checks and reports each. What the check made is deleted at the end also where a check has failed.
/// Throws FailureError{interrupted} after a stop request: then things may be left on the token.
void run_checks(CheckContext& context);

}  // namespace koshin::module_check
