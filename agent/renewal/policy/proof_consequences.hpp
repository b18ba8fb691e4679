// SPDX-License-Identifier: MIT
// What follows from a refused proof, behind the server's answer in the detail of the failure. The person and
// the journal have both; a later run quotes the answer alone, since what was to follow then, and where the
// old certificate was, need not be so any more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace koshin::renewal {

enum class ProofConsequence { given_up, tried_again, old_on_token, old_not_seen, old_not_written_back };

/// "403: not registered" becomes "403: not registered; this certificate is given up: …". An answer that is
/// too long for printable() is cut, and never what follows from it.
std::string with_consequences(std::string_view answer, const std::vector<ProofConsequence>& consequences);

/// The inverse of with_consequences(): the answer. Any other detail stays as it is.
std::string without_consequences(std::string_view detail);

}  // namespace koshin::renewal
