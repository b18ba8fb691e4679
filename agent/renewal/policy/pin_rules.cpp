// SPDX-License-Identifier: MIT
// Whether a PIN may be tried. Character classes are those of ASCII, independent of the locale.
#include "renewal/policy/pin_rules.hpp"

#include <algorithm>
#include <string>

#include "foundation/secrets/secret_input.hpp"

namespace koshin {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
bool is_printable(char c) {
  return c >= 0x20 && c < 0x7f;
}

Failure failure(Reason reason, std::string detail) {
  return {.reason = reason, .detail = std::move(detail), .retry_after = std::nullopt};
}

std::string name_of(const messages::TokenReport& token) {
  return "token \"" + token.label + "\"";
}

std::string lengths(const messages::TokenReport& token) {
  return "the PIN is too short or too long: this token takes " + std::to_string(token.pin_min) + " to " +
         std::to_string(longest_pin(token)) + " characters. No try was spent";
}

}  // namespace

std::size_t longest_pin(const messages::TokenReport& token) {
  return token.pin_max == 0 ? max_pin : std::min<std::size_t>(token.pin_max, max_pin);
}

bool pin_characters_allowed(PinCharacters policy, std::span<const char> pin) {
  if (policy == PinCharacters::any) return true;
  const auto allowed = policy == PinCharacters::digits         ? is_digit
                       : policy == PinCharacters::alphanumeric ? is_alphanumeric
                                                               : is_printable;
  return std::all_of(pin.begin(), pin.end(), allowed);
}

std::optional<Failure> pin_is_unusable(const messages::TokenReport& token, bool changes_pin) {
  if (!token.pin_set) return failure(Reason::pin_not_set, name_of(token) + " has no user PIN yet");
  if (token.pin_locked) return failure(Reason::pin_locked, "the PIN of " + name_of(token) + " is locked");
  if (token.pin_to_be_changed && !changes_pin)
    return failure(Reason::pin_expired, "the PIN of " + name_of(token) + " has to be changed first");
  return std::nullopt;
}

std::optional<Failure> try_is_withheld(const messages::TokenReport& token, const PinConsent& consent) {
  if (consent.final_try && !consent.unattended) return std::nullopt;
  if (token.pin_final_try)
    return failure(Reason::pin_final_try,
                   "one more wrong PIN locks this token: say that you are sure, or ask for help");
  if (!token.pin_count_low) return std::nullopt;
  if (consent.unattended)
    return failure(Reason::pin_refused_before,
                   "a wrong PIN was entered on this token and nobody is here to answer for another try");
  if (consent.count_low) return std::nullopt;
  return failure(Reason::pin_count_low,
                 "a wrong PIN was entered on this token before: say that you are sure of this one");
}

PinFault fault_of_pin(const messages::TokenReport& token, PinCharacters characters, const SecureBuffer& pin) {
  if (pin.empty()) return PinFault::missing;
  if (!why_secret_is_no_text(pin.view()).empty()) return PinFault::not_text;
  if (!pin_characters_allowed(characters, pin.view())) return PinFault::characters;
  if (pin.size() < token.pin_min || pin.size() > longest_pin(token)) return PinFault::length;
  return PinFault::none;
}

std::optional<Failure> pin_does_not_fit(const messages::TokenReport& token, PinCharacters characters,
                                        const SecureBuffer& pin) {
  switch (fault_of_pin(token, characters, pin)) {
    case PinFault::none:
      break;
    case PinFault::missing:
      return failure(Reason::pin_required, name_of(token) + " needs its PIN");
    case PinFault::not_text:
      return failure(Reason::secret_unusable,
                     "PIN: " + why_secret_is_no_text(pin.view()) + ". No try was spent");
    case PinFault::characters:
      return failure(Reason::pin_length_invalid,
                     "the PIN holds a character that is not among token.pin_characters (" +
                         std::string(word(characters)) + "). No try was spent");
    case PinFault::length:
      return failure(Reason::pin_length_invalid, lengths(token));
  }
  return std::nullopt;
}

std::optional<Failure> why_pin_is_not_tried(const messages::TokenReport& token, PinCharacters characters,
                                            const SecureBuffer* pin, const PinConsent& consent) {
  if (auto found = pin_is_unusable(token, consent.changes_pin)) return found;
  if (pin != nullptr) {
    if (auto found = pin_does_not_fit(token, characters, *pin)) return found;
  }
  return try_is_withheld(token, consent);
}

}  // namespace koshin
