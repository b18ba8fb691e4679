// SPDX-License-Identifier: MIT
// Whether a PIN may be presented: all checks that need no try of the token. Worker, command line and page use
// these functions and no others.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/choices.hpp"

namespace koshin {

/// Longest PIN of the token in bytes: CK_TOKEN_INFO::ulMaxPinLen, at most max_pin; max_pin where the token
/// reports none.
std::size_t longest_pin(const messages::TokenReport& token);

/// The confirmations for a try that may be one of the last.
struct PinConsent {
  bool final_try = false;   ///< a person has confirmed that the last try may be spent
  bool count_low = false;   ///< a person knows that a wrong PIN was entered before and confirms this PIN
  bool unattended = false;  ///< no person is present; overrides the other members
  /// The PIN is presented to be replaced: that it has to be changed is no objection then.
  bool changes_pin = false;
};

/// Token states in which no PIN helps, checked before a PIN is asked for: pin_not_set, pin_locked,
/// pin_expired (the PIN must be changed first; not where the PIN is asked for to be changed).
std::optional<Failure> pin_is_unusable(const messages::TokenReport& token, bool changes_pin = false);

/// Reasons to withhold a try: pin_final_try, pin_count_low, and for unattended runs pin_refused_before.
std::optional<Failure> try_is_withheld(const messages::TokenReport& token, const PinConsent& consent);

/// The defect of a PIN, found before the PIN is presented.
enum class PinFault { none, missing, not_text, characters, length };
/// `characters` is the setting token.pin_characters: "any", "printable" (half-width letters, digits and
/// signs: 0x20 to 0x7e), "alphanumeric" or "digits". Whatever it says, a PIN is UTF-8 (PKCS#11 v3.0
/// section 5.6.8).
PinFault fault_of_pin(const messages::TokenReport& token, PinCharacters characters, const SecureBuffer& pin);
/// fault_of_pin() as a failure: pin_required, secret_unusable or pin_length_invalid. The detail never
/// contains the PIN.
std::optional<Failure> pin_does_not_fit(const messages::TokenReport& token, PinCharacters characters,
                                        const SecureBuffer& pin);

/// pin_is_unusable(), try_is_withheld() and pin_does_not_fit() in this order. `pin` null: the PIN is typed on
/// the reader's PIN pad, which checks the PIN itself.
std::optional<Failure> why_pin_is_not_tried(const messages::TokenReport& token, PinCharacters characters,
                                            const SecureBuffer* pin, const PinConsent& consent);

/// Whether all characters of the PIN are allowed by token.pin_characters (see fault_of_pin()).
bool pin_characters_allowed(PinCharacters policy, std::span<const char> pin);

}  // namespace koshin
