// SPDX-License-Identifier: MIT
// Unattended renewal of all certificates of a token that are due, one after the other.
#pragma once

#include <functional>

#include "foundation/base/calendar.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::resident {

/// Runs `job`, a renewal that names no certificate, and then one for each further certificate of the bank of
/// `settings` that is due, until a failure concerns all of them (renewal::ends_sitting()). After a failure
/// that concerns one certificate the token is looked at once, without the PIN, to find the others. Returns
/// how the first ended that was not renewed, else the last one. `run`: runs a job to its end.
messages::Event renew_all_unattended(const messages::Job& job, const Settings& settings, TimePoint now,
                                     const std::function<messages::Event(const messages::Job&)>& run);

}  // namespace koshin::resident
