// SPDX-License-Identifier: MIT
// Parses one settings file into a layer. Used by read_settings() only.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "foundation/settings/settings_layer.hpp"

namespace koshin {

/// Parses and checks `text`, the content of `file`. A user's file must respect `in_force`, the locks of the
/// lower layers. With `bank`, the whole file belongs to that bank.
SettingsLayer read_settings_file(const std::filesystem::path& file, std::string_view text, Author author,
                                 const Locks& in_force, std::string_view bank = {});

}  // namespace koshin
