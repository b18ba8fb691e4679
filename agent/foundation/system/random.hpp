// SPDX-License-Identifier: MIT
// Values that nobody can guess: a page's capability and session, the names and boundaries of a mail.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace koshin {

/// At most 256 bytes from the system's generator. Throws std::system_error.
void fill_randomly(std::span<unsigned char> bytes);

/// 256 bits from the system's generator, base64url without padding (43 characters). Throws std::system_error.
std::string random_secret();

/// A random number from `first` to `last`, uniform up to 2^-16; from the same generator. Throws
/// std::system_error.
std::uint16_t random_number(std::uint16_t first, std::uint16_t last);

}  // namespace koshin
