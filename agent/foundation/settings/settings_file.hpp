// SPDX-License-Identifier: MIT
// One settings file: from its text into a Settings. Used by load_settings() alone.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/settings/settings.hpp"

namespace koshin {

/// Key → "file:line:column" of the `locked` list that names it.
using Locks = std::map<std::string, std::string, std::less<>>;

enum class Author { administrator, user };

/// Puts what `text` (the contents of `file`) says into `settings`. An administrator's file adds to `locks`; a
/// user's file is held to them. Returns what is wrong with it, in the order of lines.
std::vector<Failure> apply_settings_file(const std::filesystem::path& file, std::string_view text,
                                         Author author, Settings& settings, Locks& locks);

}  // namespace koshin
