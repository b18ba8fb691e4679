// SPDX-License-Identifier: MIT
// PC/SC return codes as std::error_code, and the one wrapper every PC/SC call goes through.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

namespace koshin::pcsc {

/// What a code of SCARD_* means, in English, for the log.
std::string pcsc_words(std::uint32_t code);

/// Codes are those of SCARD_*; message() is pcsc_words().
const std::error_category& pcsc_category();

/// Throws std::system_error that names `function` and where it was called when `code` is no success.
void check_pcsc(long code, std::string_view function, const char* file = __builtin_FILE(),
                int line = __builtin_LINE());

}  // namespace koshin::pcsc
