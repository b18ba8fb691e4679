// SPDX-License-Identifier: MIT
// A renewed certificate that another program has deleted before the renewal came to its end. On a card with
// home slots (renewal/policy/home_slot.hpp) it is the only one that logs in between the legs. The journal has
// it, and the token its key: it is written back.
#pragma once

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// Requires the token's objects. Where the certificate of a first leg is gone from its spare slot, the slot
/// has its key, and the second leg is not done: adds the certificate to objects(), so that the checks see it,
/// and to `work.lost`. What koshin has deleted itself, after the second leg, is not lost; nor is what belongs
/// to another bank, or is not the certificate that the job names.
void find_lost_certificate(Workspace& work);

/// Writes it to the token, once changes are allowed, and emits the notice. Does nothing where none is lost.
/// Looks at the slot first: where another program has filled it, nothing is written, and
/// FailureError{token_error} ends a job that is about this certificate. ykcs11 2.2.0 does not read again in a
/// session: with it, what was filled since the log-in is not seen.
void write_lost_certificate(Workspace& work);

/// Emits the notice that a certificate was written back.
void tell_of_written_back(const Workspace& work);

}  // namespace koshin::renewal
