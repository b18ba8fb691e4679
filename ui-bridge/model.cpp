// SPDX-License-Identifier: MIT
// Names of screens and outcomes, and functions of the unchanged model.
#include "model.hpp"

namespace koshin::ui {

std::string_view to_string(Screen screen) {
  constexpr std::string_view names[] = {
      "loading",     "unlock",  "notice",  "start",   "renewing", "completed", "delete_old", "delete_confirm",
      "interrupted", "reissue", "pending", "give_up", "current",  "put_off",   "finished"};
  return names[static_cast<std::size_t>(screen)];
}

std::string_view to_string(Outcome outcome) {
  constexpr std::string_view names[] = {"completed", "snoozed",       "closed", "pending",
                                        "idle",      "token_removed", "left",   "failed"};
  return names[static_cast<std::size_t>(outcome)];
}

std::string_view to_string(Remaining remaining) {
  constexpr std::string_view names[] = {"renewal", "receipt", "approval", "nothing", "unknown"};
  return names[static_cast<std::size_t>(remaining)];
}

void Model::pin_was_right() {
  if (token) tokens[*token].pin_final_try = tokens[*token].pin_count_low = false;
}

std::vector<StorageChoice> Model::storage() const {
  std::vector<StorageChoice> choices;
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const messages::TokenReport& candidate = tokens[index];
    StorageChoice choice{&candidate, {}};
    // A renewal is signed with the old key, so its new key goes to the same token; a re-issue may go
    // anywhere.
    if (!candidate.initialized) {
      choice.obstacle = "uninitialized";
    } else if (candidate.write_protected) {
      choice.obstacle = "write_protected";
    } else if (task == Task::renew && token && index != *token) {
      choice.obstacle = "other_token";
    }
    choices.push_back(choice);
  }
  return choices;
}

Remaining Model::what_remains() const {
  const bool deleting = screen == Screen::delete_old || screen == Screen::delete_confirm;
  // A deleted certificate was replaced, by this renewal or an earlier one.
  if (screen == Screen::completed || screen == Screen::current || deleting) return Remaining::nothing;
  if (task == Task::enroll) return Remaining::receipt;
  if (screen == Screen::pending) return Remaining::approval;
  return certificate ? Remaining::renewal : Remaining::unknown;
}

}  // namespace koshin::ui
