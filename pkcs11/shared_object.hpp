// SPDX-License-Identifier: MIT
// A shared object in memory. The system's part is in module_posix.cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace koshin::pkcs11 {

/// Loads with all symbols resolved and private to the object; unloads when destroyed unless told to keep it.
class SharedObject {
 public:
  /// Throws ModuleError: not_found when there is no such file, not_loadable with the loader's own words else.
  static std::unique_ptr<SharedObject> load(const std::filesystem::path& path);
  virtual ~SharedObject() = default;
  SharedObject(const SharedObject&) = delete;
  SharedObject& operator=(const SharedObject&) = delete;

  /// nullptr when the object does not export it.
  virtual void* symbol(const std::string& name) const = 0;
  /// Never unload it.
  virtual void keep() noexcept = 0;

 protected:
  SharedObject() = default;
};

/// Where the helper library of libp11 may be (see private_key_bridge.hpp), best first: beside the running
/// program, as in the build tree, then in the installed place.
std::vector<std::filesystem::path> helper_library_candidates(const std::string& file_name);

/// Folders of p11-kit's *.module files, the one that overrides first, and the folder its relative module
/// paths refer to (pkcs11.conf(5)). A user's own folder is left out on purpose: which modules are loaded is
/// for the administrator to say.
struct RegisteredModuleFolders {
  std::vector<std::filesystem::path> configuration;
  std::filesystem::path modules;
};
RegisteredModuleFolders registered_module_folders();
/// The running program's name, as enable-in and disable-in of p11-kit mean it.
std::string running_program_name();

}  // namespace koshin::pkcs11
