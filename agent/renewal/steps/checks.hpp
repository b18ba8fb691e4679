// SPDX-License-Identifier: MIT
// The list of checks before a renewal changes anything. A renewal ends at the first failed check; the doctor
// makes all checks and reports each result.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "renewal/policy/doctor_words.hpp"
#include "renewal/steps/examination.hpp"

namespace koshin::renewal {

/// The result of a check. Most failures are thrown by the check: FailureError, or another exception that
/// as_failure() converts.
struct Found {
  enum class Status {
    ok,
    warning,
    unknown,  ///< only the renewal itself will show the result
    failed
  };
  Status status = Status::ok;
  Finding finding{};
  std::vector<std::string> values;
  std::optional<Failure> failure = {};  ///< set when `status` is failed
};

/// What must be available before a check can be made.
enum class Needs { nothing, token, certificate, log_in, authority, token_and_authority };

struct CheckRow {
  Examined examined;
  Needs needs;
  bool renewals_only;  ///< an enrolment does without the old certificate
  Found (*run)(Examination& exam);
};

/// In order of execution. The token must be open and the proxy reachable.
std::span<const CheckRow> renewal_checks();

/// Whether `exam` has everything that `needs` names.
bool can_be_made(const Examination& exam, Needs needs);

/// Throws FailureError{clock_wrong} for a date before 2024, as after a battery failure of the clock.
void check_own_clock(TimePoint now);

/// Determines the mechanisms of the token, and the TLS features that it lacks (RSA-PSS).
Found check_mechanisms(Examination& exam);

}  // namespace koshin::renewal
