// SPDX-License-Identifier: MIT
// Unauthenticated requests to the authority for its clock and its CA certificates: made without the token's
// key, over a connection of their own, and only where the answer may change what a person is told.
#pragma once

#include <functional>

#include "renewal/policy/policy.hpp"
#include "renewal/steps/examination.hpp"

namespace koshin::renewal {

/// choose_certificate(), with the authority's answer where it may change the choice: its CA certificates when
/// several issuers compete, and its date before a person is sent to a re-issue or told to wait for a
/// certificate to become valid. Updates exam.report.
Choice choose_old_certificate(Examination& exam);

/// Asks the authority for the time before a decision that depends on a date. Throws FailureError{clock_wrong}
/// when the authority's clock differs and `differs` is true for its time; {authority_certificate_expired}
/// when the authority's TLS certificate has expired by this computer's date as well; {interrupted}. Returns
/// when the clocks agree or the authority cannot be asked.
void check_date_with_authority(Examination& exam, const std::function<bool(TimePoint theirs)>& differs);

/// Fetches the authority's CA certificates without authentication, at most once in a job, when a
/// certificate's chain did not suffice or its issuer is unknown. Returns whether there are new ones; an
/// authority that cannot be reached is not an error. Throws FailureError{interrupted}.
bool fetch_authorities(Examination& exam);

/// Adds to an authority's refusal that the certificate was sent without its issuer's, which is not known
/// here.
Failure with_issuer_named(const Examination& exam, Failure failure);

/// renewal::pin_may_tell() for a choice made from exam.report.
bool pin_may_tell(const Examination& exam, const Choice& choice);

/// Adds to an authority's refusal of a certificate that is not known to be its own: the other certificates on
/// the token that might be meant, and how to name one.
Failure with_others_named(const Examination& exam, Failure failure);

}  // namespace koshin::renewal
