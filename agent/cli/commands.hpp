// SPDX-License-Identifier: MIT
// The commands. Each prints its result and returns the exit code; failures are thrown as FailureError.
#pragma once

#include "cli/session.hpp"

namespace koshin::cli {

int run_inspect(const Session& session);
int run_status(const Session& session);
int run_history(const Session& session);
int run_renew(const Session& session);
int run_enroll(const Session& session);
int run_prune(const Session& session);
int run_cancel(const Session& session);
int run_doctor(const Session& session);
int run_config_check(const Session& session);
int run_config_show(const Session& session);
int run_browser_add(const Session& session);
int run_browser_remove(const Session& session);
int run_support_bundle(const Session& session);
int run_pin_change(const Session& session);
/// `koshin pin set` and `koshin pin unlock`.
int run_pin_reset(const Session& session);

/// Exit code of `koshin doctor` when a check failed; not used by the failure table.
inline constexpr int doctor_found_trouble = 90;
/// Exit code of `koshin browser` when a browser runs, or its list could not be written; not used by the
/// failure table.
inline constexpr int browser_unchanged = 93;

}  // namespace koshin::cli
