// SPDX-License-Identifier: MIT
// base64 as EST puts it into bodies (RFC 4648 section 4, RFC 8951 section 3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pkcs11/types.hpp"

namespace koshin::enrollment {

/// One line, as challengePassword wants it.
std::string to_base64(pkcs11::ByteView bytes);
/// Lines of 64 columns, each ended by a line feed: a widely used C server reads bodies no other way.
std::string to_wrapped_base64(pkcs11::ByteView bytes);
/// CR, LF, space and tab may stand anywhere; anything else that is not base64 with its padding gives nothing.
std::optional<pkcs11::Bytes> from_base64(std::string_view text);

}  // namespace koshin::enrollment
