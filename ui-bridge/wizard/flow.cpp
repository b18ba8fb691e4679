// SPDX-License-Identifier: MIT
#include "flow.hpp"

#include <utility>

#include "renewal/policy/token_profile.hpp"

namespace koshin::ui {

void Flow::show_afresh(Screen screen) {
  model_.failure.reset();
  show(screen);
}

void Flow::run(messages::Job job, JobRun::Secrets secrets, JobRun::End end) {
  jobs_.start(std::move(job), secrets, std::move(end));
  tell();
}

std::optional<Failure> Flow::why_administrators_alone() const {
  const messages::TokenReport* token = model_.current_token();
  return renewal::profile_of(settings_).why_person_cannot_renew(
      token == nullptr ? messages::TokenReport{} : *token, settings_);
}

Failure failure_of(const messages::Event& end, const char* without_result) {
  const auto* failure = std::get_if<Failure>(&end);
  return failure != nullptr ? *failure : Failure{Reason::worker_failed, without_result, {}};
}

bool is_about_pin(Reason reason) {
  return reason == Reason::pin_incorrect || reason == Reason::pin_length_invalid ||
         reason == Reason::secret_unusable || reason == Reason::pin_count_low ||
         reason == Reason::pin_final_try || reason == Reason::pin_cancelled;
}

}  // namespace koshin::ui
