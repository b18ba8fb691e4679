// SPDX-License-Identifier: MIT
// Renewals that were given up: their reasons, and the unused key pairs that may still be on a token.
#pragma once

#include <vector>

#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// Whether the record is no renewal but a note: a run of this computer was about to make a key in this slot,
/// which was empty, was cut, and found this key there without a certificate
/// (docs/decisions/0020-planned-slots.md).
bool is_note_of_untold_key(const Record& record);
/// Whether such a key, unchanged and still without a certificate, may be overwritten at `now`: whoever else
/// had made it would have given it a certificate by then, without which no PIV program finds it.
bool is_given_back(const Record& note, TimePoint now);
/// The note about the key `public_key` in the slot of `planned`, a record of its own that is yet to be saved.
Record note_of_untold_key(const Record& planned, Bytes public_key);

/// From `newest_first`, all records of this computer: the records that were given up after their pair was
/// made, unless a later record has taken the pair up, a later renewal of the same certificate was completed
/// (which removes the pair), or a later snapshot in `memories` shows that the pair is gone.
std::vector<Record> records_with_unused_pairs(const std::vector<Record>& newest_first,
                                              const std::vector<TokenMemory>& memories);

/// From `newest_first`: the last record of each token that is no note, if it was given up with a reason.
std::vector<Record> latest_abandoned(const std::vector<Record>& newest_first);

}  // namespace koshin::renewal
