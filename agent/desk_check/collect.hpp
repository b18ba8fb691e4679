// SPDX-License-Identifier: MIT
// Runs koshin-desk-check for the doctor of the command line and for the page, and takes what it tells.
#pragma once

#include <functional>

#include "desk_check/run.hpp"
#include "foundation/jobs/messages.hpp"

namespace koshin::desk_check {

/// Waits at most two minutes. What is missing then is one more result that says so. `look_for_stop` is called
/// a few times a second and may throw, which ends the examination; nothing else is thrown.
messages::DoctorResult examine(const Options& options, const std::function<void()>& look_for_stop);

}  // namespace koshin::desk_check
