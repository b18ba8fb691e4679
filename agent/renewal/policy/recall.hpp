// SPDX-License-Identifier: MIT
// What a token shows without the PIN, together with what a look with the PIN has found on it before. Pure;
// docs/inventory.md, "What shows only with the PIN".
#pragma once

#include <vector>

#include "foundation/base/calendar.hpp"
#include "foundation/jobs/messages.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// The last look with the PIN at this very token: its label is the same, and so is a certificate, where one
/// shows. Null when there was none.
const Look* look_at(const messages::TokenReport& token, const TokenMemory* memory);

/// The token as it shows now, with what is known of it: whether certificates have their keys; what has taken
/// whose place; and the certificates for logging in that show only with the PIN, each marked `recalled`.
/// Where everything shows, nothing is added.
messages::TokenReport recalled(messages::TokenReport token, const TokenMemory* memory, TimePoint now);

/// Whether a look with the PIN, taken at a token of this label since the record last changed, has found
/// nothing of it: another token with the same numbers, or one from which everything was deleted.
bool seen_to_be_gone(const Record& record, const TokenMemory* memory);
/// The same of its key pair alone.
bool key_seen_to_be_gone(const Record& record, const TokenMemory* memory);
/// belongs_to(), with what such a look has found where the token does not show it now.
bool still_belongs_to(const Record& record, const messages::TokenReport& token, const TokenMemory* memory);

/// Whether a certificate of ours was on this token before: it was told of or decided about, a look with the
/// PIN has found it, or a renewal of it has come to its end. `records`: history of this token; null when
/// unknown.
bool was_ours(const messages::TokenReport& token, const TokenMemory* memory,
              const std::vector<Record>* records, const Settings::Expect& expect);

/// Whether there may be a certificate of ours that shows only with the PIN, and that no look has found yet.
/// `remembered`: one was here once. Else it takes a key on the token that no certificate belongs to: a token
/// that shows nothing at all is what a new one looks like, and one whose certificates have their keys is
/// somebody else's.
bool may_hide_ours(const messages::TokenReport& token, const Settings::Expect& expect, bool remembered,
                   const Look* look = nullptr);

/// Whether a choice that has failed may come out otherwise once the PIN shows what is hidden. `token` is what
/// the choice was made of: recalled().
bool pin_may_tell(const Choice& choice, const messages::TokenReport& token, const TokenMemory* memory);

}  // namespace koshin::renewal
