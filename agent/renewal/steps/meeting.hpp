// SPDX-License-Identifier: MIT
// What the authority knows better than this computer: what time it is, and which issuers are its own. It is
// asked without the token's key, over a connection of its own, and only where the answer may change what a
// person is told.
#pragma once

#include <functional>

#include "renewal/policy/policy.hpp"
#include "renewal/steps/examination.hpp"

namespace koshin::renewal {

/// Which certificate is to be renewed, as choose_certificate() says, with the authority's word where it may
/// change that: whose issuers its own are, when several compete, and the date, before a person is sent to a
/// re-issue or told to wait for a certificate to begin. `report` is brought up to date.
Choice choose_old_certificate(Examination& exam);

/// Before something is decided because of a date: asks the authority what time it is. Throws
/// FailureError{clock_wrong} when its clock is another one and, by that, `differs` says yes;
/// {authority_certificate_expired} when by this computer's date its certificate has expired as well;
/// {interrupted}. Returns when it agrees, or cannot be asked.
void ask_for_the_date(Examination& exam, const std::function<bool(TimePoint theirs)>& differs);

/// Asks the authority for its certificates as somebody who shows none, unless that was done in this job, for
/// the chain of a certificate that did not suffice or whose issuer is not known. Says whether there are
/// others than before; that it cannot be asked so is no trouble. Throws FailureError{interrupted}.
bool learn_authorities(Examination& exam);

/// An authority that refuses a certificate which goes alone, its issuer not being known here: says so.
Failure with_issuer_named(const Examination& exam, Failure failure);

/// Whether that choice, of what shows without the PIN, may come out otherwise with it.
bool pin_may_tell(const Examination& exam, const Choice& choice);

/// An authority that refuses a certificate, which is not known to be its own, may want another: says which
/// others on the token might be meant, and how to name one.
Failure with_others_named(const Examination& exam, Failure failure);

}  // namespace koshin::renewal
