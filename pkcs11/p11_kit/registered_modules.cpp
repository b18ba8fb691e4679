// SPDX-License-Identifier: MIT
// The reader of p11-kit's *.module files.
#include "pkcs11/p11_kit/registered_modules.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

#include "pkcs11/error.hpp"
#include "pkcs11/module.hpp"

namespace koshin::pkcs11 {
namespace {

namespace fs = std::filesystem;
using Settings = std::map<std::string, std::string>;

constexpr std::size_t longest_file = std::size_t{64} * 1024;

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

/// "key: value" lines; '#' begins a comment line. Later files (of lower precedence) do not replace earlier
/// values.
void read_settings(const fs::path& file, Settings& settings) {
  std::ifstream stream(file);
  std::string text(longest_file, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    if (trimmed(line).starts_with('#') || colon == std::string::npos) continue;
    const std::string_view whole = line;
    settings.emplace(trimmed(whole.substr(0, colon)), trimmed(whole.substr(colon + 1)));
  }
}

std::string value(const Settings& settings, const std::string& key) {
  const auto found = settings.find(key);
  return found == settings.end() ? std::string() : found->second;
}

/// Lists of program names in enable-in and disable-in are separated by commas or blanks.
bool names(std::string list, const std::string& program) {
  std::replace(list.begin(), list.end(), ',', ' ');
  std::istringstream words(list);
  for (std::string word; words >> word;) {
    if (word == program) return true;
  }
  return false;
}

bool enabled(const Settings& settings, const std::string& program) {
  if (settings.contains("enable-in")) return names(value(settings, "enable-in"), program);
  return !names(value(settings, "disable-in"), program);
}

int priority(const Settings& settings) {
  const std::string text = value(settings, "priority");
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::map<std::string, Settings> collect(const RegisteredModuleFolders& folders) {
  std::map<std::string, Settings> modules;
  for (const fs::path& folder : folders.configuration) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      if (entry->path().extension() == ".module")
        read_settings(entry->path(), modules[entry->path().stem().string()]);
    }
  }
  return modules;
}

}  // namespace

std::vector<RegisteredModule> read_registered_modules(const RegisteredModuleFolders& folders,
                                                      const std::string& program) {
  std::vector<std::pair<int, RegisteredModule>> found;
  for (const auto& [name, settings] : collect(folders)) {
    const fs::path module = value(settings, "module");
    if (module.empty() || settings.contains("remote") || !enabled(settings, program)) continue;
    found.push_back({priority(settings),
                     {.name = name,
                      .path = module.is_absolute() ? module : folders.modules / module,
                      .reserved = value(settings, "x-init-reserved")}});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& left, const auto& right) { return left.first > right.first; });
  std::vector<RegisteredModule> result;
  result.reserve(found.size());
  for (auto& [rank, module] : found) result.push_back(std::move(module));
  return result;
}

std::vector<RegisteredModule> Module::registered() {
  return read_registered_modules(registered_module_folders(), running_program_name());
}

RegisteredModule Module::resolve_registered(const std::string& name) {
  std::string known;
  for (RegisteredModule& module : registered()) {
    if (module.name == name) return std::move(module);
    known += (known.empty() ? "" : ", ") + module.name;
  }
  throw ModuleError(ModuleError::Kind::not_found,
                    "no module named \"" + name +
                        "\" is registered with p11-kit (known: " + (known.empty() ? "none" : known) + ")");
}

}  // namespace koshin::pkcs11
