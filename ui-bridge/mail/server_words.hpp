// SPDX-License-Identifier: MIT
// What a mail server said, for the log.
#pragma once

#include <string>

#include "foundation/secrets/secure_buffer.hpp"

namespace koshin::ui {

/// The words of a refusal; empty where the server repeats the password in them, as it is or as AUTH PLAIN
/// (RFC 4616) and AUTH LOGIN have sent it.
std::string without_password(std::string words, const std::string& user, const SecureBuffer& password);

}  // namespace koshin::ui
