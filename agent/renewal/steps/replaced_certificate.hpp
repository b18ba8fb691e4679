// SPDX-License-Identifier: MIT
// renewal.key = "renew" on a token that has one place for a key's certificate (a PIV slot): the new
// certificate overwrites the old one. It is proved before it is written, the journal keeps the old one from
// before it is overwritten, and the old one is written back where the new one is refused afterwards.
#pragma once

#include <optional>

#include "renewal/policy/proof_consequences.hpp"
#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// Whether the record's place holds an issued certificate that is neither the one that it renews nor its own:
/// another program, or koshin on another computer, has written it.
bool place_has_another(const OpenToken& token, const Record& record);

/// Whether the certificate that the record had overwritten is on the token again.
bool is_put_back(const OpenToken& token, const Record& record);

/// Right before the writing: saves the certificate that is overwritten to the journal, unless it was saved
/// when the record began (by earlier versions it was not). Throws FailureError{token_error} where
/// place_has_another().
void keep_replaced_certificate(Workspace& work);

/// The record's certificate was refused. Where the certificate that it overwrites is not on the token: writes
/// that one back, reads it, and takes the record back to `issued`. Returns false, and leaves the record as it
/// is, where that cannot be done now (no management key, a card that fails). A copy in the journal that is
/// not the certificate that was renewed (a damaged disk) is dropped instead of written, with a warning in the
/// log: the record ends as one that never had a copy.
bool put_back_replaced(Workspace& work);

/// After a refused log-in: where the certificate is that the record renews, as far as this run has read it.
/// Empty for a record that renews none.
std::optional<ProofConsequence> where_old_is(const Workspace& work);

/// A run that does not complete its record: tells, by a notice, what it has read of the certificate that the
/// record's own may have overwritten (renewal/policy/old_certificate.hpp). Nothing where none is overwritten.
void tell_of_old_certificate(const Workspace& work);

}  // namespace koshin::renewal
