// SPDX-License-Identifier: MIT
// Whose a record is among those of one token: a token may hold certificates of several people, and what was
// begun for one of them is nobody else's to give up, to use up or to wait for.
#pragma once

#include <optional>

#include "renewal/policy/record.hpp"
#include "renewal/token/job_context.hpp"
#include "renewal/token/open_token.hpp"

namespace koshin::renewal {

/// Whoever runs an enrolment again because nobody told how it ended, or because a user ID was mistyped, does
/// so at once; who comes later comes for something else.
inline constexpr std::chrono::minutes same_errand{10};

/// The token as it shows before anything on it was looked at: what it hides is told by its label.
messages::TokenReport unopened(const OpenToken& token);

/// Of an enrolment: the certificate on the token whose name it takes over, the latest of this user's that is
/// known to be this authority's, else the latest, which may have expired; null when there is none. Throws
/// FailureError{certificate_ambiguous}: no user is named, and there are several.
const messages::CertificateReport* certificate_of_user(const JobContext& context,
                                                       const messages::TokenReport& report);

/// Whether a job goes on with this record of its token. A renewal finishes whatever renewal is unfinished
/// there, and an enrolment only what was begun for the same person; a renewal does not touch another person's
/// enrolment. `report`: empty before the token was looked at.
bool is_errand_of(const JobContext& context, const std::optional<messages::TokenReport>& report,
                  const Record& record);

}  // namespace koshin::renewal
