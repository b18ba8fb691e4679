// SPDX-License-Identifier: MIT
// Names of outcomes, and functions of the unchanged model.
#include "model.hpp"

namespace koshin::ui {

std::string_view to_string(Outcome outcome) {
  constexpr std::string_view names[] = {"completed", "snoozed",       "closed", "pending",
                                        "idle",      "token_removed", "left",   "failed"};
  return names[static_cast<std::size_t>(outcome)];
}

std::string_view to_string(Remaining remaining) {
  constexpr std::string_view names[] = {"renewal", "rest", "receipt", "approval", "nothing", "unknown"};
  return names[static_cast<std::size_t>(remaining)];
}

bool Model::needs_passphrase(const Settings& settings) const {
  const bool other = screen == Screen::delete_confirm || screen == Screen::pin_change;
  return settings.authority.person_gives_passphrase() && task == Task::renew && !other;
}

bool Model::may_try_on_reader() const {
  const messages::TokenReport* reported = current_token();
  return reported != nullptr && reported->protected_path && (!reported->pin_final_try || final_try_confirmed);
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

Remaining Model::what_remains_of_sitting() const {
  if (!is_sitting()) return Remaining::nothing;
  using State = SittingRow::State;
  std::size_t renewed = 0, deferred = 0;
  for (const SittingRow& row : sitting) {
    renewed += row.state == State::renewed ? 1U : 0U;
    deferred += row.state == State::pending ? 1U : 0U;
  }
  if (renewed == sitting.size()) return Remaining::nothing;
  if (renewed + deferred == sitting.size()) return Remaining::approval;
  return renewed + deferred == 0 ? Remaining::renewal : Remaining::rest;
}

Remaining Model::what_remains() const {
  const bool deleting = screen == Screen::delete_old || screen == Screen::delete_confirm;
  // A deleted certificate was replaced, by this renewal or an earlier one.
  if (screen == Screen::completed || deleting) return what_remains_of_sitting();
  const bool about_pin =
      screen == Screen::pin_change || screen == Screen::pin_reset || screen == Screen::pin_changed;
  if (screen == Screen::current || checked_from_current || (about_pin && pin_change.from_current))
    return Remaining::nothing;
  if (task == Task::enroll) return Remaining::receipt;
  if (screen == Screen::pending) return Remaining::approval;
  if (is_sitting()) return what_remains_of_sitting();
  return certificate ? Remaining::renewal : Remaining::unknown;
}

}  // namespace koshin::ui
