// SPDX-License-Identifier: MIT
// A proxy that wants to know who is there, and a person at the terminal who can say so.
#pragma once

#include "cli/job_secrets.hpp"

namespace koshin::cli {

/// Where `why` is a proxy's question that a password may answer: asks for user name and password at the
/// terminal and puts them into the job, which can then be run again; what the proxy has refused is erased
/// first. False, and nothing asked, for any other failure, in an unattended job, without a terminal, or where
/// TypedProxyLogin::asked_by() says so; false also where the person enters no name. Throws
/// FailureError{interrupted}, and the reason of a missing password.
bool ask_proxy_login(const Session& session, PreparedJob& prepared, const Failure& why);

}  // namespace koshin::cli
