// SPDX-License-Identifier: MIT
// Unattended renewal of all certificates of a token that are due, one after the other.
#pragma once

#include <functional>
#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/settings/settings.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::resident {

/// Where the settings renew log-in certificates alone, runs `job`, a renewal that names no certificate. Else
/// looks at the token, without the PIN, and runs `job` for each certificate of the bank of `settings` that is
/// due, in the order of renewal::certificates_of_sitting(), until a failure concerns all of them
/// (renewal::ends_sitting()). Returns how the first ended that was not renewed, else the last one.
/// `unfinished`: the journal's unfinished records. `run`: runs a job to its end.
messages::Event renew_all_unattended(const messages::Job& job, const std::vector<renewal::Record>& unfinished,
                                     const Settings& settings, TimePoint now,
                                     const std::function<messages::Event(const messages::Job&)>& run);

}  // namespace koshin::resident
