// SPDX-License-Identifier: MIT
// Snapshots: jobs with the PIN save all objects of a token, for jobs that see only public objects.
#pragma once

#include <functional>

#include "renewal/token/job_context.hpp"

namespace koshin::renewal {

/// Saves the report of all objects, and the decision made from it, to the journal. Never throws: a finished
/// job does not fail because of this. Nothing is saved for somebody else's token.
void save_snapshot(const JobContext& context, const TokenKey& key,
                   const std::function<messages::TokenReport()>& report) noexcept;

/// Completes a report made without the PIN from the last snapshot (renewal/policy/recall.hpp).
messages::TokenReport with_snapshot(const JobContext& context, messages::TokenReport report);

}  // namespace koshin::renewal
