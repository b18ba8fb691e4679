// SPDX-License-Identifier: MIT
// Whether what opens web pages on this desktop can be given one as a file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace koshin::ui {

/// False when HTML files are opened by a program that cannot read ours (a browser in a snap or a flatpak has
/// its own view of the files) or that is no browser at all. True when it can, and when nothing is known.
bool browser_reads_files();

/// The folders in which a desktop keeps its choices and its programs, the person's own first.
struct DesktopFolders {
  std::vector<std::filesystem::path> choices, programs;
  std::vector<std::string> desktops;  ///< "gnome", "kde": their choices come before everybody's

  static DesktopFolders of_environment();
};
/// The desktop entry of what opens HTML files, as text; empty when none is found.
std::optional<std::string> html_opener(const DesktopFolders& folders);
/// The same for the text of a desktop entry.
bool entry_reads_files(const std::string& entry);

}  // namespace koshin::ui
