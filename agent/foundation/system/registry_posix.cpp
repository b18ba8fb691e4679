// SPDX-License-Identifier: MIT
// POSIX systems have no registry.
#include "foundation/system/registry.hpp"

namespace koshin {

bool has_registry() noexcept {
  return false;
}

RegistryKey read_machine_registry(std::string_view /*path*/) {
  return {};
}

}  // namespace koshin
