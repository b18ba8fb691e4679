// SPDX-License-Identifier: MIT
// The steps of a renewal, implemented in step_token.cpp, step_authority.cpp and preflight.cpp.
#pragma once

#include <optional>

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// A step: idempotent, given the record and the token's objects. A returned event ends the job (dry run,
/// pending); errors are thrown.
using StepFunction = std::optional<messages::Event> (*)(Workspace& work);

/// All checks before the first irreversible step; fills the workspace.
std::optional<messages::Event> preflight(Workspace& work);
/// Generates the key pair under the record's CKA_ID, or takes over the pair that an earlier run has generated
/// there.
std::optional<messages::Event> generate_key_pair(Workspace& work);
/// Prepares and signs the request.
std::optional<messages::Event> sign_request(Workspace& work);
/// Submits the request, or submits it again.
std::optional<messages::Event> submit(Workspace& work);
/// Compares the issued certificate with the request.
std::optional<messages::Event> check_issued(Workspace& work);
/// Writes the certificate to the token unless the token has it.
std::optional<messages::Event> write(Workspace& work);
/// Reads the certificate back from the token and compares it byte by byte.
std::optional<messages::Event> read_back(Workspace& work);
/// Logs in with the new certificate; one that does not log in is proved by its key (key_proof.hpp).
std::optional<messages::Event> prove(Workspace& work);

/// The same before the certificate is written, for one that overwrites the one that it renews; prove() has
/// nothing to do then.
void prove_before_writing(Workspace& work);

/// The subject (DER) of this job's request, once preflight has chosen the holder.
Bytes subject_of(const Workspace& work);

/// Runs all steps in order, from the record's state on. Stores a failure in the record.
messages::Event run_steps(Workspace& work);

}  // namespace koshin::renewal
