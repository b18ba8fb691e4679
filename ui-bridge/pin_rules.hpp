// SPDX-License-Identifier: MIT
// What can be told of a PIN before one of the token's tries is spent on it.
#pragma once

#include <optional>
#include <string>

#include "foundation/failure.hpp"
#include "foundation/messages.hpp"
#include "foundation/secure_buffer.hpp"

namespace koshin::ui {

/// pin_locked, pin_final_try (unless `final_try_confirmed`), pin_not_set, or pin_length_invalid for a PIN
/// that is empty, outside the token's lengths, or holds characters that `characters` (the setting
/// token.pin_characters) does not allow; the detail says which rule, never the PIN.
std::optional<Failure> check_pin(const messages::TokenReport& token, const std::string& characters,
                                 const SecureBuffer& pin, bool final_try_confirmed);

}  // namespace koshin::ui
