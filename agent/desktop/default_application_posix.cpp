// SPDX-License-Identifier: MIT
// The freedesktop.org rules for default applications: the lists of desktop and user, then the cache of the
// applications' own declarations.
#include "desktop/default_application.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>

namespace koshin::desktop {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_file = 1024UL * 1024;

std::string variable(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);)
    if (!part.empty()) parts.push_back(part);
  return parts;
}

std::optional<std::string> read(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > longest_file) return std::nullopt;
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// The names of desktop entries for a type in a list, in its order.
std::vector<std::string> openers_in(const std::string& list, std::string_view section,
                                    std::string_view type) {
  const std::string key = std::string(type) + "=";
  std::istringstream lines(list);
  bool here = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('[')) here = line == section;
    if (here && line.starts_with(key)) return split(line.substr(key.size()), ';');
  }
  return {};
}

/// The first of these entries that exists.
std::optional<std::string> first_entry(const std::vector<std::string>& names, const DesktopFolders& folders) {
  for (const std::string& name : names)
    for (const fs::path& folder : folders.programs)
      if (name.find('/') == std::string::npos)
        if (auto entry = read(folder / name)) return entry;
  return std::nullopt;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

DesktopFolders DesktopFolders::of_environment() {
  const std::string home = variable("HOME", "/nonexistent");
  DesktopFolders folders;
  folders.programs.emplace_back(variable("XDG_DATA_HOME", home + "/.local/share") + "/applications");
  for (const auto& folder : split(variable("XDG_DATA_DIRS", "/usr/local/share:/usr/share"), ':'))
    folders.programs.emplace_back(folder + "/applications");
  folders.choices.emplace_back(variable("XDG_CONFIG_HOME", home + "/.config"));
  for (const auto& folder : split(variable("XDG_CONFIG_DIRS", "/etc/xdg"), ':'))
    folders.choices.emplace_back(folder);
  folders.choices.insert(folders.choices.end(), folders.programs.begin(), folders.programs.end());
  folders.desktops = split(variable("XDG_CURRENT_DESKTOP", ""), ':');
  for (std::string& name : folders.desktops)
    std::transform(name.begin(), name.end(), name.begin(), [](char letter) {
      return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
  return folders;
}

std::optional<std::string> opener_of(std::string_view type, const DesktopFolders& folders) {
  std::vector<std::string> lists;
  for (const std::string& desktop : folders.desktops) lists.push_back(desktop + "-mimeapps.list");
  lists.emplace_back("mimeapps.list");
  for (const fs::path& folder : folders.choices)
    for (const std::string& list : lists)
      if (const auto text = read(folder / list))
        if (auto entry = first_entry(openers_in(*text, "[Default Applications]", type), folders))
          return entry;
  for (const fs::path& folder : folders.programs)
    if (const auto text = read(folder / "mimeinfo.cache"))
      if (auto entry = first_entry(openers_in(*text, "[MIME Cache]", type), folders)) return entry;
  return std::nullopt;
}

std::string command_of_entry(const std::string& entry) {
  constexpr std::string_view key = "Exec=";
  std::istringstream lines(entry);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key)) return line.substr(key.size());
  return {};
}

bool entry_reads_files(const std::string& entry) {
  for (const std::string_view confined :
       {"X-Flatpak=", "X-SnapInstanceName=", "flatpak run", "/snap/bin/", "snap run", "/snapd/"})
    if (has(entry, confined)) return false;
  return has(entry, "x-scheme-handler/http;");
}

bool browser_reads_files() {
  const auto entry = opener_of("text/html", DesktopFolders::of_environment());
  return !entry || entry_reads_files(*entry);
}

}  // namespace koshin::desktop
