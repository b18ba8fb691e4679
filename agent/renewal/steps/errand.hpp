// SPDX-License-Identifier: MIT
// Which unfinished record of a token a job resumes: a token may hold certificates of several people, and a
// job for one person neither gives up, nor uses, nor waits for a record of another.
#pragma once

#include <optional>

#include "renewal/policy/record.hpp"
#include "renewal/token/job_context.hpp"
#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

/// An enrolment that is repeated within this time resumes the earlier one: its result was lost, or the user
/// ID was mistyped. A later enrolment is a new one.
inline constexpr std::chrono::minutes same_enrollment_period{10};

/// A report of the token before its objects were searched: the label alone decides what belongs to it.
messages::TokenReport report_unopened(const OpenToken& token);

/// What a job with the PIN reads of the token, by the journal alone: of a renewal that names its certificate,
/// or resumes the only record of this token, what concerns that certificate; of one that names none, what
/// concerns the certificate of the last decision, which need not be the one that is due by now; otherwise
/// everything. A record that may have begun to write its certificate needs everything: an interrupted call
/// leaves blank objects.
Interest interest_of(const JobContext& context, const OpenToken& token);

/// For an enrolment: the certificate on the token whose name is taken over, the latest of this user's that is
/// known to be from the configured authority, else the user's latest, possibly expired; null when there is
/// none. Throws FailureError{certificate_ambiguous} when no user is named and there are several.
const messages::CertificateReport* certificate_of_user(const JobContext& context,
                                                       const messages::TokenReport& report);

/// Whether a job resumes this record of its token. A renewal resumes any unfinished renewal, but no other
/// person's enrolment; an enrolment resumes only records of the same person. `report`: empty before the
/// token's objects were searched.
bool continues_record(const JobContext& context, const std::optional<messages::TokenReport>& report,
                      const Record& record);

}  // namespace koshin::renewal
