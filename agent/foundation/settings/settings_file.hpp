// SPDX-License-Identifier: MIT
// One settings file: from its text into a layer. Used by load_deployment() alone.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "foundation/settings/settings_layer.hpp"

namespace koshin {

/// Reads and checks what `text`, the contents of `file`, says. A user's file is held to `in_force`, the locks
/// of the layers below. With `bank`, the whole file is of the bank of this name.
SettingsLayer read_settings_file(const std::filesystem::path& file, std::string_view text, Author author,
                                 const Locks& in_force, std::string_view bank = {});

}  // namespace koshin
