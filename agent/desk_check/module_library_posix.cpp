// SPDX-License-Identifier: MIT
// Modules by the names that p11-kit knows them by.
#include <fstream>

#include "desk_check/module_list.hpp"
#include "foundation/base/text.hpp"

namespace koshin::desk_check {

namespace fs = std::filesystem;

fs::path library_of(const std::string& module) {
  constexpr std::string_view scheme = "p11-kit:";
  if (!module.starts_with(scheme)) return module;
  const std::string name = module.substr(scheme.size());
  if (name.empty() || name.find('/') != std::string::npos) return {};
  for (const fs::path folder : {"/etc/pkcs11/modules", KOSHIN_P11_KIT_CONFIGS}) {
    std::ifstream file(folder / (name + ".module"));
    for (std::string line; std::getline(file, line);) {
      constexpr std::string_view key = "module:";
      if (!line.starts_with(key)) continue;
      const fs::path library(std::string(trimmed(std::string_view(line).substr(key.size()))));
      return library.is_absolute() ? library : fs::path(KOSHIN_P11_KIT_MODULES) / library;
    }
  }
  return {};
}

}  // namespace koshin::desk_check
