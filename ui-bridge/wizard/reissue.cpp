// SPDX-License-Identifier: MIT
#include "reissue.hpp"

namespace koshin::ui {

void Reissue::ask() {
  shown_.task = Task::enroll;
  shown_.why_reissue = "asked";
}

bool Reissue::is_way_on_after(const Failure& failure) {
  const bool leads_here = failure.reason == Reason::reissue_needed ||
                          failure.reason == Reason::reissue_code_invalid ||
                          failure.reason == Reason::certificate_too_weak;
  if (!leads_here) return false;
  shown_.task = Task::enroll;
  if (failure.reason == Reason::certificate_too_weak) shown_.why_reissue = "too_weak";
  if (shown_.why_reissue.empty()) shown_.why_reissue = "expired";
  secrets_.drop_code();
  return true;
}

bool Reissue::begin_for(const std::string& user) {
  if (!shown_.has_code || (needs_user() && user.empty())) return false;
  shown_.user = needs_user() ? user : std::string();
  return true;
}

std::string Reissue::user() const {
  return shown_.certificate ? shown_.certificate->common_name : shown_.user;
}

}  // namespace koshin::ui
