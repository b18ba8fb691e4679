// SPDX-License-Identifier: MIT
// Everything on the token, before the check and after it.
#pragma once

#include <string>
#include <vector>

#include "module_check/checks.hpp"

namespace koshin::module_check {

/// Reads all objects, twice, and takes those into `before` that are the same both times: some modules make
/// objects up at each reading (a PIV card's attestations), which prove nothing later. Returns notes for the
/// report. Throws FailureError.
std::vector<std::string> see_before(CheckContext& context, std::vector<ObjectFacts>& before);

/// Requires that all of `before` is there unchanged, and nothing else but keys that the module keeps although
/// it has deleted them; what else there is goes into the report. Returns notes. Throws FailureError.
std::vector<std::string> compare_with(CheckContext& context, const std::vector<ObjectFacts>& before);

/// Whether an object that the check has made may be there after it. `issued`: certificates of the check,
/// which every module deletes; `keeps_pairs`: the token's profile keeps its keys, and what the module shows
/// beside them; `kept_keys`: CKA_IDs of keys that the module keeps all the same.
bool may_stay(const ObjectFacts& object, const std::vector<std::string>& issued, bool keeps_pairs,
              const std::set<std::string>& kept_keys);

}  // namespace koshin::module_check
