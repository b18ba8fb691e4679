// SPDX-License-Identifier: MIT
// The one list of what must hold before a renewal changes anything. A renewal ends at the first check that
// fails; the doctor makes them all and tells what each has found.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "renewal/policy/doctor_words.hpp"
#include "renewal/steps/examination.hpp"

namespace koshin::renewal {

/// What a check has found. Most of what stops a renewal stops the check itself: FailureError, or any
/// exception that as_failure() knows.
struct Found {
  enum class Status {
    ok,
    warning,
    unknown,  ///< whether a renewal will get through here shows only when it is made
    failed
  };
  Status status = Status::ok;
  Finding finding{};
  std::vector<std::string> values;
  std::optional<Failure> failure = {};  ///< of one that failed
};

/// What has to be there before a check can be made.
enum class Needs { nothing, token, certificate, log_in, authority, token_and_authority };

struct CheckRow {
  Examined examined;
  Needs needs;
  bool renewals_only;  ///< an enrolment does without the old certificate
  Found (*run)(Examination& exam);
};

/// In the order in which they are made. The token has been opened before, and the proxy reached.
std::span<const CheckRow> renewal_checks();

/// Whether `exam` has come far enough for a check.
bool can_be_made(const Examination& exam, Needs needs);

/// No certificate of this program's users is older: a clock before this has lost its battery. Throws
/// FailureError{clock_wrong}.
void check_own_clock(TimePoint now);

/// What the token can do, and what TLS has to be without.
Found check_mechanisms(Examination& exam);

}  // namespace koshin::renewal
