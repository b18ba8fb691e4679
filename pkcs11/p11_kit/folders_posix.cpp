// SPDX-License-Identifier: MIT
#include <cstdlib>

#include "p11_kit/registered_modules.hpp"

namespace koshin::pkcs11 {

namespace fs = std::filesystem;

RegisteredModuleFolders registered_module_folders() {
  // p11-kit's own pkg-config file names the folder of packages for that of the administrator on Debian.
  return {.configuration = {fs::path(KOSHIN_P11_KIT_SYSCONFDIR) / "pkcs11/modules",
                            KOSHIN_P11_KIT_PACKAGE_CONFIG},
          .modules = KOSHIN_P11_KIT_MODULE_PATH};
}

P11KitPlaces p11_kit_places(const fs::path& home, bool root) {
  P11KitPlaces places{
      registered_module_folders(), fs::path(KOSHIN_P11_KIT_SYSCONFDIR) / "pkcs11/pkcs11.conf", {}};
  if (root) return places;
  const char* const named = std::getenv("XDG_CONFIG_HOME");
  places.user = (named != nullptr && *named != '\0' ? fs::path(named) : home / ".config") / "pkcs11";
  return places;
}

}  // namespace koshin::pkcs11
