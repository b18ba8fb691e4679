// SPDX-License-Identifier: MIT
// The steps of a renewal. What each does is in step_token.cpp, step_authority.cpp and preflight.cpp.
#pragma once

#include <optional>

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// A step: does its part given the journal's record and the token, however often it is called. A returned
/// event ends the job there (dry run, pending); trouble is thrown.
using StepFunction = std::optional<messages::Event> (*)(Workspace& work);

/// Finds out everything that can be found out before the first irreversible step; fills the workspace.
std::optional<messages::Event> preflight(Workspace& work);
/// Makes the key pair under the CKA_ID in the record, or takes over the one an earlier run has made under it.
std::optional<messages::Event> generate_key_pair(Workspace& work);
/// Makes the PKCS#10 request.
std::optional<messages::Event> sign_request(Workspace& work);
/// Sends it, or sends it again.
std::optional<messages::Event> submit(Workspace& work);
/// Holds what came back against what was asked for.
std::optional<messages::Event> check_issued(Workspace& work);
/// Writes the certificate to the token unless it is there.
std::optional<messages::Event> write(Workspace& work);
/// Reads it from the token again, byte for byte.
std::optional<messages::Event> read_back(Workspace& work);
/// Logs in with it.
std::optional<messages::Event> prove(Workspace& work);

/// The name that the request of this job asks for, once preflight has chosen whose it is.
Bytes subject_of(const Workspace& work);

/// All of them in order, from where the record stands. Keeps the reason of a failure with the record.
messages::Event run_steps(Workspace& work);

}  // namespace koshin::renewal
