// SPDX-License-Identifier: MIT
#include "reissue_flow.hpp"

#include <utility>

#include "foundation/secrets/secret_input.hpp"

namespace koshin::ui {

std::string ReissueFlow::user() const {
  return model_.certificate ? model_.certificate->common_name : model_.user;
}

void ReissueFlow::ask() {
  if (auto why = why_administrators_alone()) return exits_.fail_with(std::move(*why));
  model_.task = Task::enroll;
  model_.why_reissue = "asked";
  secrets_.wipe();
  show_afresh(Screen::reissue);
}

bool ReissueFlow::enter_code(SecureBuffer code) {
  if (model_.screen != Screen::reissue || jobs_.is_running() || code.empty()) return false;
  secrets_.drop_code();
  if (refuse(secret_is_unusable(code))) return true;
  secrets_.take_code(std::move(code));
  return true;
}

void ReissueFlow::start_enrollment(const Action& action) {
  if (!model_.has_code || (model_.needs_user() && action.user.empty())) return;
  model_.user = model_.needs_user() ? action.user : std::string();
  show_afresh(Screen::start);
}

void ReissueFlow::ask_for_another_code() {
  model_.why_reissue = "incomplete";
  show(Screen::reissue);
}

bool ReissueFlow::goes_on_after(const Failure& failure) {
  const bool code_refused = failure.reason == Reason::reissue_code_invalid;
  const bool too_weak = failure.reason == Reason::certificate_too_weak;
  if (!code_refused && !too_weak && failure.reason != Reason::reissue_needed) return false;
  model_.task = Task::enroll;
  if (too_weak) model_.why_reissue = "too_weak";
  if (model_.why_reissue.empty()) model_.why_reissue = "expired";
  secrets_.drop_code();
  if (code_refused) model_.failure = failure;
  show(Screen::reissue);
  return true;
}

}  // namespace koshin::ui
