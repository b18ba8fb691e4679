// SPDX-License-Identifier: MIT
// A worker that has died, or was ended, tells nothing more: what the journal knows instead.
#pragma once

#include "cli/job_secrets.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"

namespace koshin::cli {

/// Where `end` is that of such a worker: gives `progress` the notice of what stands of the certificate that
/// its renewal may have overwritten (renewal/policy/old_certificate.hpp). Says nothing where several
/// unfinished records fit the job, nor where the worker had not come beyond its checks. `session`: of the
/// job's bank. The journal is read alone: one that is damaged is left for the next renewal, which keeps it
/// aside and says so.
void tell_of_old_by_journal(const Session& session, const PreparedJob& prepared, const messages::Event& end,
                            Progress& progress);

}  // namespace koshin::cli
