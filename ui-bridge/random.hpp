// SPDX-License-Identifier: MIT
// Unguessable values for the page's capability and session.
#pragma once

#include <string>

namespace koshin::ui {

/// 256 bits from the system's generator, base64url without padding (43 characters). Throws std::system_error.
std::string random_secret();

}  // namespace koshin::ui
