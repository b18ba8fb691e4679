// SPDX-License-Identifier: MIT
// The secrets of jobs that set a PIN, and those jobs.
#pragma once

#include "cli/job_secrets.hpp"
#include "cli/session.hpp"
#include "cli/terminal.hpp"

namespace koshin::cli {

/// Asks twice for the new PIN of `prepared.token`, until it fits the rules, at most three times. Nothing
/// where it was given, or is typed on the reader. Throws FailureError{pin_required} where nobody can be
/// asked, {new_pin_refused}.
void ask_new_pin(const Session& session, PreparedJob& prepared, Terminal* terminal);

/// Collects the secrets of a reset_pin job: the PUK or the security officer's PIN by the token's profile, and
/// the new PIN.
PreparedJob prepare_reset(const Session& session, messages::Job job, const messages::TokenReport& token);

/// Runs a change_pin or reset_pin job. Throws its failure, pin_change_unknown where it was cut off.
messages::PinResult run_pin_job(const Session& session, const messages::Job& job, const Secrets& secrets);

/// Before a job whose token asks for its PIN to be changed (PreparedJob::pin_changes_first): changes the PIN,
/// and has the job use the new one.
void change_pin_first(const Session& session, PreparedJob& prepared, Terminal* terminal);

/// change_pin_first() after the token has answered that the PIN is right and has to be changed
/// (CKR_PIN_EXPIRED), which not every token says beforehand. False, and nothing was asked, where nobody can
/// answer, and in a dry run, which changes nothing.
bool change_expired_pin(const Session& session, PreparedJob& prepared);

/// Says that the PIN was changed, and which file holds the old one.
void tell_of_changed_pin(const Session& session, const messages::PinResult& result, const Text& what);

}  // namespace koshin::cli
