// SPDX-License-Identifier: MIT
// Which characters the settings allow in a PIN (token.pin_characters), asked before a try is spent on it.
#pragma once

#include <span>
#include <string_view>

namespace koshin {

/// `policy` is "any", "printable" (half-width letters, digits and signs: 0x20 to 0x7e), "alphanumeric" or
/// "digits"; `pin` is UTF-8. What "any" forbids nevertheless is for the token to say (CKR_PIN_INVALID).
bool pin_characters_allowed(std::string_view policy, std::span<const char> pin);

}  // namespace koshin
