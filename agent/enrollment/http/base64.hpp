// SPDX-License-Identifier: MIT
// base64 of EST bodies (RFC 4648 section 4, RFC 8951 section 3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pkcs11/types.hpp"

namespace koshin::enrollment {

/// base64 in one line, as challengePassword requires.
std::string to_base64(pkcs11::ByteView bytes);
/// base64 in lines of 64 columns, each ended by a line feed: a widely used C server accepts no other form.
std::string to_wrapped_base64(pkcs11::ByteView bytes);
/// Decodes base64 with padding. CR, LF, space and tab are ignored; empty for any other input.
std::optional<pkcs11::Bytes> from_base64(std::string_view text);

}  // namespace koshin::enrollment
