// SPDX-License-Identifier: MIT
// The one place where a renewal changes state: there it is saved, told and logged.
#pragma once

#include <optional>

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// Saves the record in its new state, durably; then the step that led there, if any, is finished for all to
/// see.
void change_state(const JobContext& context, Record& record, State state,
                  std::optional<messages::Step> finished = {});

/// Tells that a step has begun, or has ended without a change of state.
void announce(const JobContext& context, messages::StepEvent event);

/// What a failure means for the renewal that it ends.
struct Ending {
  std::optional<Reason> wrong_answer;  ///< counted as this one: not asked for a third time by itself
  bool given_up = false;      ///< the authority has said no, or the certificate finally does not log in
  bool pair_refused = false;  ///< and the pair is not taken up again
};
/// Keeps the reason why a renewal stopped with its record.
void record_failure(const JobContext& context, Record& record, const Failure& failure, Ending ending);

}  // namespace koshin::renewal
