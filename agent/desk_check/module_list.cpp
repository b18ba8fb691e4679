// SPDX-License-Identifier: MIT
#include "desk_check/module_list.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "foundation/base/path_text.hpp"
#include "foundation/base/text.hpp"
#include "p11_kit/registered_modules.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

/// A value without quotation marks is taken as it stands (NSS quotes it itself, NSSUTIL_Quote), backslashes
/// too: they are refused only where no path needs them.
constexpr const char* not_in_a_list = fs::path::preferred_separator == '\\' ? "\"'\r\n" : "\"'\\\r\n";

/// Who loads the modules of the settings.
constexpr const char* worker_program = "koshin-worker";

/// One stanza with the blank lines after it.
struct Stanza {
  std::string_view text;
  ListedModule module;
};

std::string unquoted(std::string_view value) {
  value = trimmed(value);
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
    value = value.substr(1, value.size() - 2);
  return std::string(value);
}

void read_line(std::string_view line, ListedModule& module) {
  if (line.starts_with("library=")) module.library = unquoted(line.substr(8));
  if (line.starts_with("name=")) module.name = unquoted(line.substr(5));
}

std::vector<Stanza> stanzas_of(std::string_view list) {
  std::vector<Stanza> stanzas;
  std::size_t begin = 0;
  bool blank_seen = false;
  ListedModule module;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find('\n', at), list.size() - 1) + 1;
    const std::string_view line = trimmed(list.substr(at, end - at));
    if (!line.empty() && blank_seen) {
      stanzas.push_back({list.substr(begin, at - begin), std::exchange(module, {})});
      begin = at;
      blank_seen = false;
    }
    if (line.empty()) blank_seen = true;
    read_line(line, module);
    at = end;
  }
  if (begin < list.size()) stanzas.push_back({list.substr(begin), module});
  return stanzas;
}

}  // namespace

std::vector<ListedModule> listed_modules(std::string_view list) {
  std::vector<ListedModule> modules;
  for (Stanza& stanza : stanzas_of(list)) {
    if (!stanza.module.name.empty() || !stanza.module.library.empty())
      modules.push_back(std::move(stanza.module));
  }
  return modules;
}

std::string with_module(std::string_view list, const fs::path& library) {
  const std::string path = library.string();
  if (!library.is_absolute() || path.find_first_of(not_in_a_list) != std::string::npos)
    throw std::invalid_argument(printable(path, 300) +
                                ": no path that can stand in a browser's list of modules");
  std::string result(list);
  if (!result.empty() && !result.ends_with('\n')) result += '\n';
  if (!result.empty() && !result.ends_with("\n\n")) result += '\n';
  return result + "library=" + path + "\nname=" + std::string(name_of_ours) + library.filename().string() +
         "\n\n";
}

std::string without_ours(std::string_view list) {
  std::string result;
  for (const Stanza& stanza : stanzas_of(list)) {
    if (!stanza.module.name.starts_with(name_of_ours)) result += stanza.text;
  }
  return result;
}

fs::path library_of(const std::string& module) {
  constexpr std::string_view scheme = "p11-kit:";
  if (!module.starts_with(scheme)) {
    fs::path path = path_of(module);
    return path.is_absolute() ? path : fs::path();
  }
  const std::string name = module.substr(scheme.size());
  for (const auto& registered :
       pkcs11::read_registered_modules(pkcs11::registered_module_folders(), worker_program))
    if (registered.name == name) return registered.path;
  return {};
}

}  // namespace koshin::desk_check
