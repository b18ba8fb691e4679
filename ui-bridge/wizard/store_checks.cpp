// SPDX-License-Identifier: MIT
#include "store_checks.hpp"

#include <algorithm>

#include "renewal/policy/browsers.hpp"

namespace koshin::ui {

bool StoreChecks::has_told(const std::string& sha256, const std::optional<renewal::StoreFinding>& found) {
  const auto asked = std::ranges::find(rows_, sha256, &StoreCheck::sha256);
  if (asked == rows_.end()) return false;
  if (!found) {
    rows_.erase(asked);
    return true;
  }
  asked->state = renewal::state_of(*found);
  if (found->expired_twin) {
    asked->expired_serial = found->expired_twin->serial;
    asked->expired_not_after = found->expired_twin->not_after;
  }
  return true;
}

bool StoreChecks::ask_for_token_anew() const {
  return std::ranges::any_of(rows_, &StoreCheck::needs_help);
}

}  // namespace koshin::ui
