// SPDX-License-Identifier: MIT
// What is in the folder of hooks (hooks.directory), and which of it may be run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace koshin::hooks {

/// A program that may be run: root's, changeable by nobody else, executable by this user.
struct Hook {
  std::string name;  ///< of the file: letters, digits, "_", "." and "-"
  std::filesystem::path path;
};
/// A file in the folder that is not run.
struct RefusedHook {
  std::string name;  ///< made printable
  std::string why;   ///< with the file's name
};
struct HookFiles {
  std::vector<Hook> hooks;  ///< in the order of their names, at most most_hooks
  std::vector<RefusedHook> refused;
};

inline constexpr std::size_t most_hooks = 32;

/// Whether there is anything that look_for_hooks() would tell of. Cheap: opens the folder alone. False for no
/// folder, an empty path, and a folder that cannot be read.
bool has_hooks(const std::filesystem::path& folder) noexcept;
/// Judges each file of the folder. A file named README is nothing to tell of. Throws nothing for a folder
/// that is missing or cannot be read: it has no hooks.
HookFiles look_for_hooks(const std::filesystem::path& folder);

}  // namespace koshin::hooks
