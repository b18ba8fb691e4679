// SPDX-License-Identifier: MIT
// The modules registered with p11-kit, read from its documented files (pkcs11.conf(5)) without loading them:
// p11-kit's own interface lists modules only after loading all of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace koshin::pkcs11 {

/// A module that a file of p11-kit's configuration names (pkcs11.conf(5)).
struct RegisteredModule {
  std::string name;
  std::filesystem::path path;
  /// "x-init-reserved": the text passed to C_Initialize in pReserved; usually empty. NSS softokn reads the
  /// place of its database from it.
  std::string reserved;
};

/// Folders of p11-kit's *.module files, highest precedence first, and the base of relative module paths.
struct RegisteredModuleFolders {
  std::vector<std::filesystem::path> configuration;
  std::filesystem::path modules;
};
/// Those of the computer. A user's own folder is omitted on purpose: the administrator decides which modules
/// koshin loads.
RegisteredModuleFolders registered_module_folders();

/// The registered modules, highest priority first, then by name, without modules that are remote, disabled
/// for `program` or without a usable path.
std::vector<RegisteredModule> read_registered_modules(const RegisteredModuleFolders& folders,
                                                      const std::string& program);

/// Where p11-kit looks for its own settings, and a user's.
struct P11KitPlaces {
  RegisteredModuleFolders computer;
  std::filesystem::path settings;  ///< the computer's pkcs11.conf
  /// ~/.config/pkcs11, with the user's pkcs11.conf and modules; empty: p11-kit reads nothing of this user's,
  /// as it does for root.
  std::filesystem::path user;
};
/// `home`: of the user whose programs load the proxy. `root`: that user is root.
P11KitPlaces p11_kit_places(const std::filesystem::path& home, bool root);
/// The folders that p11-kit itself goes by in programs of this user: the user's own among them, first or
/// alone, as "user-config" in the two files pkcs11.conf says; none where it has a value that p11-kit refuses.
RegisteredModuleFolders folders_of_user(const P11KitPlaces& places);
/// What the module p11-kit-proxy.so loads in `program` (the name of its file): the registered modules that
/// are enabled for the program, without those whose disable-in names "p11-kit-proxy".
std::vector<RegisteredModule> modules_of_proxy(const RegisteredModuleFolders& folders,
                                               const std::string& program);
/// Whether a library is p11-kit's proxy module, by its name or as a link to libp11-kit.so.
bool is_p11_kit_proxy(const std::filesystem::path& library);

}  // namespace koshin::pkcs11
