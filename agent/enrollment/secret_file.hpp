// SPDX-License-Identifier: MIT
// Passwords that the settings name a file for.
#pragma once

#include <filesystem>
#include <string_view>

#include "foundation/secure_buffer.hpp"

namespace koshin::enrollment {

/// The first line of a file that only its owner can read, without its line end; at most 255 bytes. `setting`
/// names the key in messages. Throws FailureError{settings_unsafe} or {settings_invalid}.
SecureBuffer read_secret_file(const std::filesystem::path& file, std::string_view setting);

}  // namespace koshin::enrollment
