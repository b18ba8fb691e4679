// SPDX-License-Identifier: MIT
// Whether this desktop's default browser can open a page from a file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace koshin::ui {

/// False when the handler of HTML files cannot read koshin's files (a browser in a snap or a flatpak has its
/// own view of the file system) or is no browser. True when it can, or when nothing is known.
bool browser_reads_files();

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
