// SPDX-License-Identifier: MIT
#include "failure_flow.hpp"

#include <algorithm>
#include <utility>

#include "renewal/policy/pin_rules.hpp"

namespace koshin::ui {

void FailureFlow::fail_with(Failure failure) {
  secrets_.drop_pin();
  model_.final_try_confirmed = false;
  if (jobs_.token_is_gone()) {
    model_.failure = std::move(failure);
    return exits_.finish(Outcome::token_removed);
  }
  // Without a token a PIN-related failure of a module cannot be answered by entering a PIN.
  const bool has_token = model_.current_token() != nullptr;
  if (has_token && is_about_pin(failure.reason)) {
    model_.screen = Screen::unlock;
    return ask_pin_again(std::move(failure));
  }
  if (has_token && failure.reason == Reason::pin_expired) return pin_.require_change();
  if (reissue_.goes_on_after(failure)) return;
  model_.failure = std::move(failure);
  show(Screen::interrupted);
}

void FailureFlow::ask_pin_again(Failure failure) {
  model_.failure = std::move(failure);
  run(orders_.look_again(), JobRun::Secrets::none, [this](const auto& event) { looked_again(event); });
}

void FailureFlow::looked_again(const messages::Event& event) {
  if (const auto* result = std::get_if<messages::InspectResult>(&event); result != nullptr && model_.token) {
    messages::TokenReport& known = model_.tokens[*model_.token];
    const auto same = std::ranges::find(result->tokens, known.uri, &messages::TokenReport::uri);
    if (same != result->tokens.end()) known = *same;
  }
  const messages::TokenReport* token = model_.current_token();
  if (token != nullptr && model_.screen != Screen::pin_reset) {
    if (auto unusable = pin_is_unusable(*token, model_.screen == Screen::pin_change))
      return fail_with(std::move(*unusable));
  }
  tell();
}

}  // namespace koshin::ui
