// SPDX-License-Identifier: MIT
// Looking for a secret in what runs leave behind, in every form that a dump gives it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace koshin::test {

/// The secret as text, in UTF-16, and in hexadecimal digits of both cases with what stands between them.
std::vector<std::string> forms_of(const std::string& secret);

/// Where in this text the secret stands; empty: nowhere.
std::string found_in(const std::string& text, const std::string& secret);
/// The files below a folder that hold the secret, or its name in their names.
std::vector<std::string> files_with(const std::filesystem::path& folder, const std::string& secret);
/// The mappings of a process that hold the secret and would go into a core dump. Needs root.
std::vector<std::string> memory_with(pid_t process, const std::string& secret);

}  // namespace koshin::test
