// SPDX-License-Identifier: MIT
// How the page knows that it still speaks with the koshin-ui that it came from: whoever answers on the port
// must know the session's key, and shows it without telling it.
#pragma once

#include <string>
#include <string_view>

namespace koshin::ui {

/// HMAC-SHA-256 with `key` over "koshin-ui " and the page's nonce, in lower-case hexadecimal.
std::string session_proof(std::string_view key, std::string_view nonce);
/// What a page may ask a proof for: 16 to 64 characters of base64url.
bool is_nonce(std::string_view text);

}  // namespace koshin::ui
