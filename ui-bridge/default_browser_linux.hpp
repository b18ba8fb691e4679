// SPDX-License-Identifier: MIT
// The desktop entry of the program that opens HTML files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace koshin::ui {

/// The folders of default applications and desktop entries, the user's own first.
struct DesktopFolders {
  std::vector<std::filesystem::path> choices, programs;
  std::vector<std::string> desktops;  ///< "gnome", "kde": their choices precede the general ones

  static DesktopFolders of_environment();
};
/// The text of the desktop entry of the handler of HTML files; empty when there is none.
std::optional<std::string> html_opener(const DesktopFolders& folders);
/// browser_reads_files() for the text of a desktop entry.
bool entry_reads_files(const std::string& entry);

}  // namespace koshin::ui
