// SPDX-License-Identifier: MIT
// SHA-256 (FIPS 180-4) for programs that link no OpenSSL: recognises content by the fingerprint that was kept
// of it. What a stranger may have forged is judged where OpenSSL is.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace koshin {

/// Hexadecimal, lower case, 64 digits.
std::string sha256_hex(std::span<const std::uint8_t> bytes);

}  // namespace koshin
