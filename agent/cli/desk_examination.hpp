// SPDX-License-Identifier: MIT
// The doctor's second half: what koshin-desk-check sees of the computer and the desktop.
#pragma once

#include "cli/session.hpp"

namespace koshin::cli {

/// Runs koshin-desk-check and takes what it tells, for at most two minutes. What is missing then is one more
/// result that says so; nothing is thrown but a stop request (FailureError{interrupted}).
messages::DoctorResult examine_desk(const Session& session);

}  // namespace koshin::cli
