// SPDX-License-Identifier: MIT
// Base64 as EST wants it: written in lines of 64, read whatever its white space (RFC 8951 section 3.1).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bank/openssl_handles.hpp"

namespace koshin::bank {

/// With `wrapped`, lines of 64 characters that end in a newline; else one line without.
std::string base64_encode(ByteView bytes, bool wrapped);
/// CR, LF, space and tab are skipped; empty for anything else that is not base64.
std::optional<Bytes> base64_decode(std::string_view text);

}  // namespace koshin::bank
