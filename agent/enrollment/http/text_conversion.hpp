// SPDX-License-Identifier: MIT
// One encoding into UTF-8, by what the system has for it. Internal to this module.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace koshin::enrollment {

struct Converted {
  std::string text;   ///< with U+FFFD for what is invalid
  bool fits = false;  ///< all of it is valid in this encoding; it may end within a character
};
/// `charset`: "CP932", "EUC-JP", "ISO-2022-JP", "WINDOWS-1252", "UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE".
/// Empty where the system does not know it.
std::optional<Converted> convert_to_utf8(std::string_view text, const char* charset);

}  // namespace koshin::enrollment
