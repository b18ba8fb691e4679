// SPDX-License-Identifier: MIT
// The pair that the first leg of a renewal has put into a spare slot: it is shown to work before the home
// slot's key goes, and cleared once the home slot has the certificate.
#pragma once

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// Before the key of a home slot is made anew whose certificate still has its key: logs in with the spare
/// slot's certificate, unless the journal says that it has logged in before. The pair in the home slot may be
/// the only one that does, where another computer was cut before its proof. Throws as prove_login() does.
void prove_spare(Workspace& work, const Bytes& home);

/// Called once the certificate in the home slot has logged in: deletes the certificate in the spare slot,
/// whose slot then counts as emptied. Without the security officer's PIN the certificate stays, and so does
/// one that others may have encrypted for: an emptied slot's key is overwritten by the next renewal. Emits a
/// notice where it stays.
void clear_spare(Workspace& work);

}  // namespace koshin::renewal
