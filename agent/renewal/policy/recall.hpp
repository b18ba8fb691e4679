// SPDX-License-Identifier: MIT
// The public objects of a token, combined with the last snapshot taken with the PIN. Pure functions; see
// docs/inventory.md, "What shows only with the PIN".
#pragma once

#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/jobs/messages.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// The last snapshot of this very token: its label is the same, and so is one of the certificates, if any
/// shows. Null when there is none.
const Snapshot* snapshot_of(const messages::TokenReport& token, const TokenMemory* memory);

/// The token report, completed from the snapshot: whether certificates have their keys, which certificate
/// replaces which, and the log-in certificates that are private objects, each marked `recalled`. A report
/// that includes private objects is returned unchanged.
messages::TokenReport recalled(messages::TokenReport token, const TokenMemory* memory, TimePoint now);

/// Whether a snapshot of a token with this label, taken since the record last changed, contains nothing of
/// the record: it is another token with the same numbers, or everything was deleted.
bool seen_to_be_gone(const Record& record, const TokenMemory* memory);
/// seen_to_be_gone() for the record's key pair alone.
bool key_seen_to_be_gone(const Record& record, const TokenMemory* memory);
/// belongs_to(), with the snapshot's objects where the token does not show them.
bool still_belongs_to(const Record& record, const messages::TokenReport& token, const TokenMemory* memory);

/// Whether a certificate of ours was on this token before: a notification or decision concerned it, a
/// snapshot contains it, or a renewal of it was completed. `records`: history of this token; null when
/// unknown.
bool was_ours(const messages::TokenReport& token, const TokenMemory* memory,
              const std::vector<Record>* records, const Settings::Expect& expect);

/// The certificate in use that this bank was notified of or has renewed, and that the settings no longer
/// claim for any bank: it is not gone, and a re-issue would not help. The first of several; null when there
/// is none.
const messages::CertificateReport* known_but_unclaimed(const messages::TokenReport& token,
                                                       const TokenMemory* memory,
                                                       const std::vector<Record>* records,
                                                       const Settings::Expect& expect);

/// Whether there may be a certificate of ours among the private objects that no snapshot contains.
/// `remembered`: a certificate of ours was here before. Otherwise a key without certificate is required: a
/// token that shows nothing at all looks like a new one, and a token whose certificates have their keys is
/// somebody else's.
bool may_hide_ours(const messages::TokenReport& token, const Settings::Expect& expect, bool remembered,
                   const Snapshot* snapshot = nullptr);

/// Whether a failed choice may have another result once the PIN reveals private objects. `token`: the
/// recalled() report that the choice was made from.
bool pin_may_tell(const Choice& choice, const messages::TokenReport& token, const TokenMemory* memory);

}  // namespace koshin::renewal
