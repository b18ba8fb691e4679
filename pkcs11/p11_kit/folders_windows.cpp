// SPDX-License-Identifier: MIT
// Nothing registers modules with p11-kit on Windows.
#include "p11_kit/registered_modules.hpp"

namespace koshin::pkcs11 {

RegisteredModuleFolders registered_module_folders() {
  return {};
}

P11KitPlaces p11_kit_places(const std::filesystem::path& /*home*/, bool /*root*/) {
  return {};
}

}  // namespace koshin::pkcs11
