// SPDX-License-Identifier: MIT
// The one place where a renewal changes state: there it is saved, told and logged.
#pragma once

#include <optional>

#include "renewal/workspace.hpp"

namespace koshin::renewal {

/// Saves the record in its new state, durably; then the step that led there, if any, is finished for all to
/// see.
void change_state(const JobContext& context, Record& record, State state,
                  std::optional<messages::Step> finished = {});

/// Tells that a step has begun, or has ended without a change of state.
void announce(const JobContext& context, messages::StepEvent event);

/// Keeps the reason why a renewal stopped with its record; given up when the authority has said no.
void record_failure(const JobContext& context, Record& record, const Failure& failure, bool refused);

}  // namespace koshin::renewal
