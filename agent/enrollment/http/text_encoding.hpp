// SPDX-License-Identifier: MIT
// Conversion of text encodings: front ends in Japan still answer in Shift_JIS and EUC-JP.
#pragma once

#include <string>
#include <string_view>

namespace koshin::enrollment {

/// `body` as UTF-8, decoded by its byte order mark, else by the charset of its Content-Type, else by the
/// charset declared at its begin. Where the charset is missing, unknown or does not match: as the Japanese
/// encoding that matches; else unchanged, with U+FFFD for invalid bytes.
std::string to_utf8(std::string_view body, std::string_view content_type);

}  // namespace koshin::enrollment
