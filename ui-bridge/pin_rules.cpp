// SPDX-License-Identifier: MIT
// PIN rules from the token's flags and lengths.
#include "pin_rules.hpp"

#include <algorithm>
#include <string>

#include "foundation/pin_characters.hpp"

namespace koshin::ui {

namespace {

std::string lengths(const messages::TokenReport& token) {
  std::string text = "the token takes PINs of at least " + std::to_string(std::max(1U, token.pin_min));
  if (token.pin_max != 0) text += " and at most " + std::to_string(token.pin_max);
  return text + " characters";
}

}  // namespace

std::optional<Failure> check_pin(const messages::TokenReport& token, const std::string& characters,
                                 const SecureBuffer& pin, bool final_try_confirmed) {
  if (token.pin_locked) return Failure{Reason::pin_locked, "the token says its PIN is locked", {}};
  if (!token.pin_set) return Failure{Reason::pin_not_set, "the token says its PIN was never set", {}};
  if (token.pin_final_try && !final_try_confirmed)
    return Failure{Reason::pin_final_try, "the last try has not been confirmed", {}};
  if (!pin_characters_allowed(characters, pin.view()))
    return Failure{
        Reason::pin_length_invalid, "token.pin_characters allows " + characters + " characters", {}};
  const bool too_long = token.pin_max != 0 && pin.size() > token.pin_max;
  if (pin.empty() || pin.size() < token.pin_min || too_long || pin.size() > messages::max_secret)
    return Failure{Reason::pin_length_invalid, lengths(token), {}};
  return std::nullopt;
}

}  // namespace koshin::ui
