// SPDX-License-Identifier: MIT
// The reader of p11-kit's *.module files.
#include "p11_kit/registered_modules.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>

#include "p11_kit/module_files.hpp"

namespace koshin::pkcs11 {
namespace {

namespace fs = std::filesystem;

constexpr const char* proxy_name = "p11-kit-proxy";

/// Lists of program names in enable-in and disable-in are separated by commas or blanks.
bool names_any(std::string list, const std::vector<std::string>& programs) {
  std::replace(list.begin(), list.end(), ',', ' ');
  std::istringstream words(list);
  for (std::string word; words >> word;) {
    if (std::ranges::find(programs, word) != programs.end()) return true;
  }
  return false;
}

/// `programs`: the program, and behind it what else disable-in may name (p11-kit 0.24 lets enable-in name
/// programs alone).
bool enabled(const FileValues& values, const std::vector<std::string>& programs) {
  if (values.contains("enable-in")) return names_any(value_of(values, "enable-in"), {programs.front()});
  return !names_any(value_of(values, "disable-in"), programs);
}

int priority(const FileValues& values) {
  const std::string text = value_of(values, "priority");
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Far more than any computer has.
constexpr std::size_t most_modules = 200;

std::map<std::string, FileValues> collect(const RegisteredModuleFolders& folders) {
  std::map<std::string, FileValues> modules;
  for (const fs::path& folder : folders.configuration) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
      if (entry->path().extension() == ".module" && modules.size() < most_modules)
        read_values(entry->path(), modules[entry->path().stem().string()]);
    }
  }
  return modules;
}

std::vector<RegisteredModule> enabled_modules(const RegisteredModuleFolders& folders,
                                              const std::vector<std::string>& programs) {
  std::vector<std::pair<int, RegisteredModule>> found;
  for (const auto& [name, values] : collect(folders)) {
    const fs::path module = value_of(values, "module");
    if (module.empty() || values.contains("remote") || !enabled(values, programs)) continue;
    found.push_back({priority(values),
                     {.name = name,
                      .path = module.is_absolute() ? module : folders.modules / module,
                      .reserved = value_of(values, "x-init-reserved")}});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& left, const auto& right) { return left.first > right.first; });
  std::vector<RegisteredModule> result;
  result.reserve(found.size());
  for (auto& [rank, module] : found) result.push_back(std::move(module));
  return result;
}

enum class UserFiles { none, merge, only, invalid };

/// "user-config" of a file pkcs11.conf; `unsaid` where it does not say it.
UserFiles user_files(const fs::path& settings, UserFiles unsaid) {
  FileValues values;
  read_values(settings, values);
  const auto said = values.find("user-config");
  if (said == values.end()) return unsaid;
  if (said->second == "none") return UserFiles::none;
  if (said->second == "merge") return UserFiles::merge;
  return said->second == "only" || said->second == "override" ? UserFiles::only : UserFiles::invalid;
}

}  // namespace

std::vector<RegisteredModule> read_registered_modules(const RegisteredModuleFolders& folders,
                                                      const std::string& program) {
  return enabled_modules(folders, {program});
}

RegisteredModuleFolders folders_of_user(const P11KitPlaces& places) {
  UserFiles mode = user_files(places.settings, UserFiles::merge);
  if (mode != UserFiles::invalid && places.user.empty()) mode = UserFiles::none;
  if (mode == UserFiles::merge || mode == UserFiles::only)
    mode = user_files(places.user / "pkcs11.conf", mode);
  RegisteredModuleFolders folders{{}, places.computer.modules};
  if (mode == UserFiles::merge || mode == UserFiles::only)
    folders.configuration.push_back(places.user / "modules");
  if (mode == UserFiles::none || mode == UserFiles::merge)
    folders.configuration.insert(folders.configuration.end(), places.computer.configuration.begin(),
                                 places.computer.configuration.end());
  return folders;
}

std::vector<RegisteredModule> modules_of_proxy(const RegisteredModuleFolders& folders,
                                               const std::string& program) {
  return enabled_modules(folders, {program, proxy_name});
}

bool is_p11_kit_proxy(const fs::path& library) {
  if (library.filename() == "p11-kit-proxy.so") return true;
  std::error_code error;
  const fs::path file = fs::canonical(library, error);
  return !error && file.filename().string().starts_with("libp11-kit.so");
}

}  // namespace koshin::pkcs11
