// SPDX-License-Identifier: MIT
// What is known of one place on the token (the objects under a CKA_ID), before and after a call changes it.
#pragma once

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// Which objects of a place are meant.
enum class SlotPart { all, certificate };

/// Forgets what the place holds, before it is overwritten.
void forget_slot(Workspace& work, const Bytes& slot, SlotPart part);

/// Reads what the place holds now, as the user: other programs may have used it while a person was deciding.
/// (ykcs11 2.2.0 does not read again in a session what it has read once.) Throws as Session does.
void read_slot_again(Workspace& work, const Bytes& slot);

/// read_slot_again() after a call that has failed: that failure is reported, and nothing is known of the
/// place when the token does not answer any more. What it finds may be what the session has read before the
/// call, and so does not show that the call has done nothing.
void try_to_read_slot(Workspace& work, const Bytes& slot);

}  // namespace koshin::renewal
