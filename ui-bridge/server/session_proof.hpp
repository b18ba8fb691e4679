// SPDX-License-Identifier: MIT
// Proof to the page that it still communicates with the koshin-ui that it came from: the server shows that it
// knows the session's key without revealing it.
#pragma once

#include <string>
#include <string_view>

namespace koshin::ui {

/// HMAC-SHA-256 with `key` over "koshin-ui " and the page's nonce, in lower-case hexadecimal.
std::string session_proof(std::string_view key, std::string_view nonce);
/// Whether the text is a valid nonce: 16 to 64 characters of base64url.
bool is_nonce(std::string_view text);

}  // namespace koshin::ui
