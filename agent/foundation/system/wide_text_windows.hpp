// SPDX-License-Identifier: MIT
// UTF-8 and Windows' UTF-16, and Windows' errors as exceptions.
#pragma once

#include <string>
#include <string_view>

namespace koshin {

/// Invalid UTF-8 becomes U+FFFD.
std::wstring wide(std::string_view utf8);
std::string narrow(std::wstring_view utf16);

/// Throws std::system_error with GetLastError() and the name of the call or of the file.
[[noreturn]] void throw_last_error(const std::string& what);
[[noreturn]] void throw_error(unsigned long error, const std::string& what);

}  // namespace koshin
