// SPDX-License-Identifier: MIT
#include "hooks/hook_files.hpp"

#include <algorithm>
#include <system_error>

#include "foundation/base/text.hpp"
#include "foundation/system/file_access.hpp"
#include "hooks/script_beginning.hpp"

namespace koshin::hooks {
namespace {

namespace fs = std::filesystem;

/// Of a folder that is not meant for hooks: /usr/bin, say.
constexpr std::size_t most_files = 256;
/// The package's own file, which says what the folder is for.
constexpr std::string_view readme = "README";

bool is_in_name(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-';
}

/// What editors and package managers leave beside a file is an old version of it.
bool is_left_over(const std::string& name) {
  return name.ends_with('~') || name.starts_with('.') || name.find(".dpkg-") != std::string::npos ||
         name.find(".rpm") != std::string::npos;
}

/// Empty when the file may be run.
std::string why_not(const fs::path& path, const std::string& name) {
  const std::string shown = printable(path.string(), 300);
  if (is_left_over(name)) return shown + ": by its name this is a copy, which is not run";
  if (!std::ranges::all_of(name, is_in_name))
    return shown + R"(: a name is made of letters, digits, "_", "." and "-")";
  try {
    if (!GuardedFile::open(path, Guard::administrator)) return shown + ": there is no such file";
  } catch (const std::exception& error) {
    return printable(error.what(), 500);
  }
  std::string objection = why_not_executable(path);
  if (objection.empty()) objection = why_not_started(path);
  return objection.empty() ? objection : shown + ": " + objection;
}

/// The names of the folder's files, sorted; at most `limit`.
std::vector<std::string> names_in(const fs::path& folder, std::size_t limit) {
  std::vector<std::string> names;
  if (folder.empty()) return names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end && names.size() < limit;
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (name != readme) names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace

bool has_hooks(const fs::path& folder) noexcept {
  try {
    return !names_in(folder, 1).empty();
  } catch (const std::exception&) {
    return false;
  }
}

HookFiles look_for_hooks(const fs::path& folder) {
  HookFiles found;
  for (const std::string& name : names_in(folder, most_files)) {
    const fs::path path = folder / name;
    std::string objection = why_not(path, name);
    if (objection.empty() && found.hooks.size() == most_hooks)
      objection = path.string() + ": no more than " + std::to_string(most_hooks) + " hooks are run";
    if (objection.empty()) {
      found.hooks.push_back({name, path});
    } else {
      found.refused.push_back({printable(name, 100), std::move(objection)});
    }
  }
  return found;
}

}  // namespace koshin::hooks
