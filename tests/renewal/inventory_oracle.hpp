// SPDX-License-Identifier: MIT
// An independent word on which certificates a person has to renew now, or to have issued again, straight from
// the model of a token: for logging in, ours, with its key, due or expired, and none that came after it in
// its lineage is valid and has its key.
#pragma once

#include <set>
#include <string>

#include "generated_token.hpp"

namespace koshin::test {

/// By their fingerprints.
std::set<std::string> to_be_renewed(const GeneratedToken& token, TimePoint now);
/// What has expired, has not been replaced, and is not left behind for a valid one.
std::set<std::string> to_be_reissued(const GeneratedToken& token, TimePoint now);

}  // namespace koshin::test
