// SPDX-License-Identifier: MIT
// Whether the system could start an executable file, as far as its beginning tells.
#pragma once

#include <filesystem>
#include <string>

namespace koshin::hooks {

/// What keeps the system from starting this executable file, and what to do about it, in English; empty:
/// nothing that its beginning shows. On Linux a script's first line (execve(2)); on Windows the name tells
/// what is started, and this is always empty.
std::string why_not_started(const std::filesystem::path& file);

}  // namespace koshin::hooks
