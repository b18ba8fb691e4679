// SPDX-License-Identifier: MIT
// A renewed certificate that another program has deleted before the renewal came to its end. On a card with
// home slots (renewal/policy/home_slot.hpp) it is the only one that logs in between the legs. The journal has
// it, and the token its key: it is written back.
#pragma once

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// Requires the token's objects. Where the certificate of a first leg is gone from its spare slot, the slot
/// has its key, and the second leg is not done: adds the certificate to objects(), so that the checks see it,
/// and to `work.lost`. What koshin has deleted itself, after the second leg, is not lost.
void find_lost_certificate(Workspace& work);

/// Writes it to the token, once changes are allowed, and emits the notice. Does nothing where none is lost.
void write_lost_certificate(Workspace& work);

/// Emits the notice that a certificate was written back.
void tell_of_written_back(const Workspace& work);

}  // namespace koshin::renewal
