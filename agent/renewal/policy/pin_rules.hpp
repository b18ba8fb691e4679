// SPDX-License-Identifier: MIT
// Whether a PIN may be tried: everything that is known before one of the token's tries is spent on it. The
// worker, the command line and the page ask here and nowhere else.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/choices.hpp"

namespace koshin {

/// Of this token, in bytes. One that names no longest PIN takes what any other would.
std::size_t longest_pin(const messages::TokenReport& token);

/// What a person, or nobody, has said to a try that may be one of the last.
struct PinConsent {
  bool final_try = false;   ///< somebody has confirmed that the last try may be spent
  bool count_low = false;   ///< somebody knows that a wrong PIN was entered before and is sure of this one
  bool unattended = false;  ///< nobody is there, whatever else is said
};

/// What no PIN can mend, to be found before one is asked for: pin_not_set, pin_locked, pin_expired (it must
/// be changed first).
std::optional<Failure> pin_is_unusable(const messages::TokenReport& token);

/// What stands in the way of one more try: pin_final_try, pin_count_low, and for unattended runs
/// pin_refused_before.
std::optional<Failure> try_is_withheld(const messages::TokenReport& token, const PinConsent& consent);

/// What is wrong with a PIN that nobody has presented yet.
enum class PinFault { none, missing, not_text, characters, length };
/// `characters` is the setting token.pin_characters: "any", "printable" (half-width letters, digits and
/// signs: 0x20 to 0x7e), "alphanumeric" or "digits". Whatever it says, a PIN is UTF-8 (PKCS#11 v3.0
/// section 5.6.8).
PinFault fault_of_pin(const messages::TokenReport& token, PinCharacters characters, const SecureBuffer& pin);
/// The same as pin_required, secret_unusable or pin_length_invalid; the detail never holds the PIN.
std::optional<Failure> pin_does_not_fit(const messages::TokenReport& token, PinCharacters characters,
                                        const SecureBuffer& pin);

/// All of the above in that order. A PIN of nullptr is typed on the reader, which checks it by itself.
std::optional<Failure> why_pin_is_not_tried(const messages::TokenReport& token, PinCharacters characters,
                                            const SecureBuffer* pin, const PinConsent& consent);

bool pin_characters_allowed(PinCharacters policy, std::span<const char> pin);

}  // namespace koshin
