// SPDX-License-Identifier: MIT
// Names of screens and outcomes, and what can be told of a model without changing it.
#include "model.hpp"

namespace koshin::ui {

std::string_view to_string(Screen screen) {
  constexpr std::string_view names[] = {
      "loading",        "unlock",      "notice",  "start",   "renewing", "completed", "delete_old",
      "delete_confirm", "interrupted", "reissue", "pending", "current",  "finished"};
  return names[static_cast<std::size_t>(screen)];
}

std::string_view to_string(Outcome outcome) {
  constexpr std::string_view names[] = {"completed", "snoozed",       "closed", "pending",
                                        "idle",      "token_removed", "left",   "failed"};
  return names[static_cast<std::size_t>(outcome)];
}

bool cannot_be_undone(messages::Step step) {
  using messages::Step;
  return step == Step::generate_key_pair || step == Step::submit || step == Step::write;
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

}  // namespace koshin::ui
