// SPDX-License-Identifier: MIT
// Renewals that were given up: their reasons, and the unused key pairs that may still be on a token.
#pragma once

#include <vector>

#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// From `newest_first`, all records of this computer: the records that were given up after their pair was
/// made, unless a later record has taken the pair up, a later renewal of the same certificate was completed
/// (which removes the pair), or a later snapshot in `memories` shows that the pair is gone.
std::vector<Record> records_with_unused_pairs(const std::vector<Record>& newest_first,
                                              const std::vector<TokenMemory>& memories);

/// From `newest_first`: the last record of each token, if that record was given up with a reason.
std::vector<Record> latest_abandoned(const std::vector<Record>& newest_first);

}  // namespace koshin::renewal
