// SPDX-License-Identifier: MIT
// State changes of a record.
#include "renewal/steps/state_change.hpp"

#include <utility>

#include "foundation/log/log.hpp"

namespace koshin::renewal {

void announce(const JobContext& context, messages::StepEvent event) {
  const std::string step(messages::to_string(event.step));
  log::debug(step + (event.resumed ? ": done before" : event.finished ? ": done" : ": begins"));
  context.emit(std::move(event));
}

void change_state(const JobContext& context, Record& record, State state,
                  std::optional<messages::Step> finished) {
  enter(record, state, context.now());
  context.journal.save(record);
  log::info(log::Event::step_finished,
            "renewal " + std::to_string(record.number) + " is " + std::string(to_string(state)),
            {{"KOSHIN_RENEWAL", std::to_string(record.number)},
             {"KOSHIN_STATE", to_string(state)},
             {"KOSHIN_TOKEN", serial_number(record.token)}});
  if (finished) announce(context, {*finished, true, false, {}});
}

void record_failure(const JobContext& context, Record& record, const Failure& failure, Ending ending) {
  if (record.number == 0 || !is_unfinished(record.state)) return;
  // answer_wrong_twice is this computer's refusal and no new answer of the authority.
  if (failure.reason == Reason::answer_wrong_twice) return;
  Record next = record;  // where it cannot be saved, `record` stays what the journal has
  next.last_failure = failure;
  if (ending.wrong_answer) {
    next.wrong_answers = next.wrong_answer == ending.wrong_answer ? next.wrong_answers + 1 : 1;
    next.wrong_answer = ending.wrong_answer;
  }
  if (ending.given_up) {
    next.pair_refused = ending.pair_refused;
    next.pair_sent = ending.pair_refused;
    change_state(context, next, State::abandoned);
  } else {
    next.changed = context.now();
    context.journal.save(next);
  }
  record = std::move(next);
}

}  // namespace koshin::renewal
