// SPDX-License-Identifier: MIT
// The only place where a record changes its state: saves it, emits the event and logs it.
#pragma once

#include <optional>

#include "renewal/steps/workspace.hpp"

namespace koshin::renewal {

/// Durably saves the record in its new state, then announces the end of the step `finished`, if any.
void change_state(const JobContext& context, Record& record, State state,
                  std::optional<messages::Step> finished = {});

/// Announces the begin of a step, or its end without a change of state.
void announce(const JobContext& context, messages::StepEvent event);

/// The consequences of a failure for its record.
struct Ending {
  std::optional<Reason> wrong_answer;  ///< counted as this wrong answer (Record::wrong_answer)
  bool given_up = false;  ///< the record is abandoned: refused by the authority, or finally unable to log in
  bool pair_refused = false;  ///< the pair is never used again
};
/// Stores the failure and its consequences in the record. Where that throws, the record is as it was.
void record_failure(const JobContext& context, Record& record, const Failure& failure, Ending ending);

}  // namespace koshin::renewal
