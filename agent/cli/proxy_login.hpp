// SPDX-License-Identifier: MIT
// A proxy that wants to know who is there, and a person at the terminal who can say so.
#pragma once

#include "cli/job_secrets.hpp"

namespace koshin::cli {

/// How often a person is asked in one command: a directory may lock an account after some wrong passwords.
inline constexpr int proxy_login_attempts = 2;

/// Where `why` is a proxy's question that a password may answer: asks for user name and password at the
/// terminal and puts them into the job, which can then be run again. False, and nothing asked, for any other
/// failure, in an unattended job, without a terminal, or where the person enters no name. Throws
/// FailureError{interrupted}.
bool ask_proxy_login(const Session& session, PreparedJob& prepared, const Failure& why);

}  // namespace koshin::cli
