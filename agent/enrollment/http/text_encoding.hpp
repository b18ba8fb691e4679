// SPDX-License-Identifier: MIT
// Text of other encodings: front ends in Japan still answer in Shift_JIS and EUC-JP.
#pragma once

#include <string>
#include <string_view>

namespace koshin::enrollment {

/// `body` as UTF-8, by the mark it begins with, or the charset that its Content-Type, or else the beginning
/// of the body, names. When none is named, one that is not known here, or one that does not fit: as one of
/// the Japanese encodings that fits; else as it is, or with U+FFFD for what does not fit.
std::string to_utf8(std::string_view body, std::string_view content_type);

}  // namespace koshin::enrollment
