// SPDX-License-Identifier: MIT
#include "renewal_progress.hpp"

#include <algorithm>

namespace koshin::ui {

using messages::Step;
using StepState = StepView::State;

void RenewalProgress::begin(bool on_reader) {
  runs_ = true;
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

bool RenewalProgress::on_event(const messages::Event& event) {
  if (messages::is_final(event)) {
    end();
    return false;
  }
  if (const auto* step = std::get_if<messages::StepEvent>(&event)) {
    if (!runs_) return false;
    on_step(*step);
    return true;
  }
  if (const auto* notice = std::get_if<messages::NoticeEvent>(&event)) {
    on_notice(*notice);
    return true;
  }
  if (const auto* touch = std::get_if<messages::TouchEvent>(&event)) {
    shown_.touch = touch->over ? std::nullopt : std::optional(touch->certain);
    return true;
  }
  return false;  // a worker that is ready is shown by the screen that follows
}

void RenewalProgress::end() {
  runs_ = false;
  shown_.can_cancel = shown_.on_reader = false;
  shown_.touch.reset();
}

void RenewalProgress::completed() {
  for (StepView& step : shown_.steps)
    if (step.state != StepState::found_done) step.state = StepState::done;
}

}  // namespace koshin::ui
