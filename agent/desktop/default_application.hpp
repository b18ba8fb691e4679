// SPDX-License-Identifier: MIT
// Which program the desktop opens a kind of content with, and whether the one for pages can read a file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace koshin::desktop {

/// False when the handler of HTML files cannot read koshin's files (a browser in a snap or a flatpak has its
/// own view of the file system) or is no browser. True when it can, or when nothing is known.
bool browser_reads_files();

/// The folders of default applications and desktop entries, the user's own first.
struct DesktopFolders {
  std::vector<std::filesystem::path> choices, programs;
  std::vector<std::string> desktops;  ///< "gnome", "kde": their choices precede the general ones

  static DesktopFolders of_environment();
};
/// The text of the desktop entry of the handler of this type ("text/html", "x-scheme-handler/koshin"); empty
/// when there is none.
std::optional<std::string> opener_of(std::string_view type, const DesktopFolders& folders);
/// The program's command line in a desktop entry (its key Exec); empty when it has none.
std::string command_of_entry(const std::string& entry);
/// browser_reads_files() for the text of a desktop entry.
bool entry_reads_files(const std::string& entry);

}  // namespace koshin::desktop
