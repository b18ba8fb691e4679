// SPDX-License-Identifier: MIT
// What jobs that see everything leave behind for those that see less.
#pragma once

#include <functional>

#include "renewal/token/job_context.hpp"

namespace koshin::renewal {

/// Keeps what a look with the PIN has found, and what is decided by it, in the journal. Never throws: a job
/// that has done its work does not fail because of it. Of somebody else's token nothing is kept.
void remember_what_was_seen(const JobContext& context, const TokenKey& key,
                            const std::function<messages::TokenReport()>& report) noexcept;

/// A report made without the PIN, with what such a look has found (renewal/policy/recall.hpp).
messages::TokenReport with_what_was_seen(const JobContext& context, messages::TokenReport report);

}  // namespace koshin::renewal
