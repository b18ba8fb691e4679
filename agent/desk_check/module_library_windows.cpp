// SPDX-License-Identifier: MIT
// Nothing is registered with p11-kit: a module is named by its path.
#include "desk_check/module_list.hpp"
#include "foundation/base/path_text.hpp"

namespace koshin::desk_check {

std::filesystem::path library_of(const std::string& module) {
  std::filesystem::path path = path_of(module);
  return path.is_absolute() ? path : std::filesystem::path();
}

}  // namespace koshin::desk_check
