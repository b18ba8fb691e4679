// SPDX-License-Identifier: MIT
// Where the secrets of a job come from: standard input, a pin-source, pinentry, a prompt, or the reader's own
// keypad.
#pragma once

#include <optional>

#include "cli/session.hpp"

namespace koshin::cli {

/// A job with its secrets. `token` is known when somebody had to be asked, since a person must see which
/// token a PIN is for; with --pin-stdin or a pin-source no worker runs before the job itself.
struct PreparedJob {
  messages::Job job;
  Secrets secrets;
  std::optional<messages::TokenReport> token;
};

/// Throws the pin_* and token_* failures of choose_token(), pin_is_unusable() and the inputs, and for
/// a renewal that cannot be (not_due, reissue_needed, …) that reason before any PIN is asked for.
PreparedJob prepare_job(const Session& session, messages::Job job);

/// The same for a job whose token has been chosen already.
PreparedJob prepare_job_on(const Session& session, messages::Job job, const messages::TokenReport& token);

/// A job with the secrets that the options say stand on standard input: nobody is asked for anything.
PreparedJob prepare_from_stdin(const Session& session, messages::Job job);

/// True for a PKCS#11 URI whose query holds a pin-source (RFC 7512 section 2.4).
bool has_pin_source(std::string_view uri);

}  // namespace koshin::cli
