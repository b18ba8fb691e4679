// SPDX-License-Identifier: MIT
// Whether a PIN may become the token's new one: the token's rules and the company's, checked before any PIN
// is presented. Worker, command line and page use these functions and no others.
#pragma once

#include <optional>

#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::renewal {

/// What a new PIN has to be like.
struct NewPinRules {
  /// In bytes. `shortest`: the longer one of the token's minimum and pin.minimum_length, as far as the token
  /// takes a PIN of that length.
  std::size_t shortest = 0, longest = 0;
  PinCharacters characters = PinCharacters::printable;  ///< by token.pin_characters and the token's profile
  bool refuse_simple = true;                            ///< pin.refuse_simple
  bool operator==(const NewPinRules&) const = default;
};
NewPinRules new_pin_rules(const messages::TokenReport& token, const Settings& settings);

/// The defect of a new PIN. `simple`: one character repeated, or a run upwards or downwards ("123456").
enum class NewPinFault { none, missing, not_text, characters, length, simple, same };
/// `old_pin` null: not known, as where the PIN is set anew.
NewPinFault fault_of_new_pin(const NewPinRules& rules, const SecureBuffer& new_pin,
                             const SecureBuffer* old_pin);
/// fault_of_new_pin() as a failure: pin_required, secret_unusable or new_pin_refused. The detail never
/// contains a PIN.
std::optional<Failure> new_pin_does_not_fit(const NewPinRules& rules, const SecureBuffer& new_pin,
                                            const SecureBuffer* old_pin);

}  // namespace koshin::renewal
