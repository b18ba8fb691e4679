// SPDX-License-Identifier: MIT
// The sources of a job's secrets: standard input, a pin-source, pinentry, a prompt, or the reader's PIN pad.
#pragma once

#include <optional>

#include "cli/session.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "renewal/policy/proxy_login.hpp"

namespace koshin::cli {

/// A job with its secrets. `token` is set when a person had to be asked, since the person must see the token
/// that the PIN is for; with --pin-stdin or a pin-source no worker runs before the job itself.
struct PreparedJob {
  messages::Job job;
  Secrets secrets;
  std::optional<messages::TokenReport> token;
  /// The token's PIN has to be changed before the job, by pin_secrets.hpp; the secrets hold the PIN as it is.
  bool pin_changes_first = false;
  /// What a person has said to proxies in this command (cli/proxy_login.hpp).
  renewal::TypedProxyLogin proxy_login = {};
};

/// Collects the secrets of a job. Throws the pin_* and token_* failures of choose_token(), pin_is_unusable()
/// and the inputs, and for an impossible renewal (not_due, reissue_needed, …) its reason before a PIN is
/// asked for.
PreparedJob prepare_job(const Session& session, messages::Job job);

/// prepare_job() for a job whose token has been chosen.
PreparedJob prepare_job_on(const Session& session, messages::Job job, const messages::TokenReport& token);

/// Has the job work on the token that this report is of, and on no other.
void name_token(PreparedJob& prepared, const messages::TokenReport& token);

/// Asks for a secret on the terminal without echo. Throws the reason of a missing one of this kind, or
/// FailureError{interrupted}.
SecureBuffer ask_secret(const Session& session, messages::SecretKind kind, std::string_view prompt);
/// Asks with the pinentry of the command line.
SecureBuffer ask_secret_with_pinentry(const Session& session, const PinentryTexts& texts);

/// A job with the secrets from standard input, as the options say; asks no questions.
PreparedJob prepare_from_stdin(const Session& session, messages::Job job);

/// Whether the PIN comes from a file that the command line or the settings name.
bool pin_comes_from_source(const Session& session);
/// Whether the query of a PKCS#11 URI contains a pin-source (RFC 7512 section 2.4).
bool has_pin_source(std::string_view uri);

}  // namespace koshin::cli
