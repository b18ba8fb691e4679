// SPDX-License-Identifier: MIT
// Text of other encodings: front ends in Japan still answer in Shift_JIS and EUC-JP.
#pragma once

#include <string>
#include <string_view>

namespace koshin::enrollment {

/// `body` as UTF-8, by the charset that its Content-Type, or else the beginning of the body, names. As it is
/// when none is named, or one that is not known here; what does not fit becomes U+FFFD.
std::string to_utf8(std::string_view body, std::string_view content_type);

}  // namespace koshin::enrollment
