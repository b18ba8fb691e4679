// SPDX-License-Identifier: MIT
#include "renewal_progress.hpp"

#include <algorithm>

namespace koshin::ui {

using messages::Step;
using StepState = StepView::State;

void RenewalProgress::begin(bool on_reader) {
  shown_.steps.clear();
  for (const Step step : messages::all_steps) shown_.steps.push_back({step, StepState::waiting});
  shown_.can_cancel = true;
  shown_.on_reader = on_reader;
}

void RenewalProgress::on_step(const messages::StepEvent& event) {
  const auto found = std::ranges::find(shown_.steps, event.step, &StepView::step);
  if (found == shown_.steps.end()) return;
  found->state = !event.finished ? StepState::running
                 : event.resumed ? StepState::found_done
                                 : StepState::done;
  if (event.step == Step::preflight && !event.finished) return;
  shown_.can_cancel = false;
  shown_.on_reader = false;
}

void RenewalProgress::on_notice(const messages::NoticeEvent& event) {
  if (const auto read = renewal::parse_notice_code(event.code)) {
    shown_.old_as_read = read;
    return;
  }
  constexpr std::size_t most = 8;
  const bool known =
      std::ranges::find(shown_.notices, event.code, &messages::NoticeEvent::code) != shown_.notices.end();
  if (!known && shown_.notices.size() < most) shown_.notices.push_back(event);
}

void RenewalProgress::on_touch(const messages::TouchEvent& event) {
  shown_.touch = event.over ? std::nullopt : std::optional(event.certain);
}

void RenewalProgress::end() {
  shown_.can_cancel = shown_.on_reader = false;
  shown_.touch.reset();
}

void RenewalProgress::completed() {
  for (StepView& step : shown_.steps)
    if (step.state != StepState::found_done) step.state = StepState::done;
}

}  // namespace koshin::ui
