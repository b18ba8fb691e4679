// SPDX-License-Identifier: MIT
// Renewals that were given up: why, and the key pairs that may still be on a token though nobody goes on with
// them.
#pragma once

#include <vector>

#include "renewal/policy/record.hpp"

namespace koshin::renewal {

/// Of `newest_first`, all records of this computer: those that were given up after their pair was made, where
/// no later record has taken the pair up, none of the same certificate has come to its end since, which would
/// have removed it, and no later look with the PIN, of those in `memories`, has found the pair gone.
std::vector<Record> left_over(const std::vector<Record>& newest_first,
                              const std::vector<TokenMemory>& memories);

/// Of `newest_first`, for each token its last record, where that one was given up and says why.
std::vector<Record> given_up(const std::vector<Record>& newest_first);

}  // namespace koshin::renewal
