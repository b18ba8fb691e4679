// SPDX-License-Identifier: MIT
// The rules of new PINs.
#include "renewal/policy/new_pin_rules.hpp"

#include <algorithm>
#include <string>

#include "foundation/secrets/secret_input.hpp"
#include "renewal/policy/pin_rules.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::renewal {
namespace {

/// Whether each character follows the one before it by `step`: 0 for "1111", 1 for "1234", -1 for "4321".
bool goes_by(std::span<const char> pin, int step) {
  return std::ranges::adjacent_find(pin, [step](char a, char b) { return b - a != step; }) == pin.end();
}

bool is_simple(std::span<const char> pin) {
  return goes_by(pin, 0) || goes_by(pin, 1) || goes_by(pin, -1);
}

bool are_equal(const SecureBuffer& a, const SecureBuffer& b) {
  return std::ranges::equal(a.view(), b.view());
}

}  // namespace

NewPinRules new_pin_rules(const messages::TokenReport& token, const Settings& settings) {
  NewPinRules rules;
  rules.longest = longest_pin(token);
  const auto asked = static_cast<std::size_t>(settings.pin.minimum_length);
  rules.shortest = std::min(std::max<std::size_t>(token.pin_min, asked), rules.longest);
  rules.characters = profile_of(settings).new_pin_characters(settings.token.pin_characters);
  rules.refuse_simple = settings.pin.refuse_simple;
  return rules;
}

NewPinFault fault_of_new_pin(const NewPinRules& rules, const SecureBuffer& new_pin,
                             const SecureBuffer* old_pin) {
  if (new_pin.empty()) return NewPinFault::missing;
  if (!why_secret_is_no_text(new_pin.view()).empty()) return NewPinFault::not_text;
  if (!pin_characters_allowed(rules.characters, new_pin.view())) return NewPinFault::characters;
  if (new_pin.size() < rules.shortest || new_pin.size() > rules.longest) return NewPinFault::length;
  if (old_pin != nullptr && are_equal(new_pin, *old_pin)) return NewPinFault::same;
  if (rules.refuse_simple && is_simple(new_pin.view())) return NewPinFault::simple;
  return NewPinFault::none;
}

std::optional<Failure> new_pin_does_not_fit(const NewPinRules& rules, const SecureBuffer& new_pin,
                                            const SecureBuffer* old_pin) {
  const auto refused = [](std::string why) { return Failure{Reason::new_pin_refused, std::move(why), {}}; };
  switch (fault_of_new_pin(rules, new_pin, old_pin)) {
    case NewPinFault::none:
      break;
    case NewPinFault::missing:
      return Failure{Reason::pin_required, "the new PIN was not given", {}};
    case NewPinFault::not_text:
      return Failure{Reason::secret_unusable, "new PIN: " + why_secret_is_no_text(new_pin.view()), {}};
    case NewPinFault::characters:
      return refused("the new PIN holds a character that is not among \"" +
                     std::string(word(rules.characters)) + "\"");
    case NewPinFault::length:
      return refused("the new PIN has to have " + std::to_string(rules.shortest) + " to " +
                     std::to_string(rules.longest) + " characters");
    case NewPinFault::simple:
      return refused("the new PIN is one character repeated, or a run (pin.refuse_simple)");
    case NewPinFault::same:
      return refused("the new PIN is the old one");
  }
  return std::nullopt;
}

}  // namespace koshin::renewal
