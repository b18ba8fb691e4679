// SPDX-License-Identifier: MIT
// The sources of a job's secrets: standard input, a pin-source, pinentry, a prompt, or the reader's PIN pad.
#pragma once

#include <optional>

#include "cli/session.hpp"

namespace koshin::cli {

/// A job with its secrets. `token` is set when a person had to be asked, since the person must see the token
/// that the PIN is for; with --pin-stdin or a pin-source no worker runs before the job itself.
struct PreparedJob {
  messages::Job job;
  Secrets secrets;
  std::optional<messages::TokenReport> token;
};

/// Collects the secrets of a job. Throws the pin_* and token_* failures of choose_token(), pin_is_unusable()
/// and the inputs, and for an impossible renewal (not_due, reissue_needed, …) its reason before a PIN is
/// asked for.
PreparedJob prepare_job(const Session& session, messages::Job job);

/// prepare_job() for a job whose token has been chosen.
PreparedJob prepare_job_on(const Session& session, messages::Job job, const messages::TokenReport& token);

/// A job with the secrets from standard input, as the options say; asks no questions.
PreparedJob prepare_from_stdin(const Session& session, messages::Job job);

/// Whether the query of a PKCS#11 URI contains a pin-source (RFC 7512 section 2.4).
bool has_pin_source(std::string_view uri);

}  // namespace koshin::cli
