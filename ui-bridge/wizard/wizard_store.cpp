// SPDX-License-Identifier: MIT
// What the system's store says of a renewed certificate, on the screen that shows it.
#include <algorithm>

#include "renewal/policy/browsers.hpp"
#include "wizard.hpp"

namespace koshin::ui {

void Wizard::store_is_asked(const std::string& sha256) {
  model_.store.push_back({.sha256 = sha256});
  tell();
}

/// A token that the person has gone on to has a model of its own: an answer that comes later is dropped.
void Wizard::store_has_told(const std::string& sha256, const std::optional<renewal::StoreFinding>& found) {
  const auto asked = std::ranges::find(model_.store, sha256, &StoreCheck::sha256);
  if (asked == model_.store.end()) return;
  if (!found) {
    model_.store.erase(asked);
    return tell();
  }
  asked->state = renewal::state_of(*found);
  if (found->expired_twin) {
    asked->expired_serial = found->expired_twin->serial;
    asked->expired_not_after = found->expired_twin->not_after;
  }
  tell();
}

/// The screen asks for the token to be pulled out and inserted again, and is still needed then.
bool Wizard::asks_for_token_anew() const {
  return model_.screen == Screen::completed && !job_running() &&
         std::ranges::any_of(model_.store, &StoreCheck::needs_help);
}

}  // namespace koshin::ui
