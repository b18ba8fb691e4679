// SPDX-License-Identifier: MIT
// A loaded shared object. The operating system's part is in module_posix.cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace koshin::pkcs11 {

/// Loads with all symbols resolved and private to the object; unloads when destroyed unless told to keep it.
class SharedObject {
 public:
  /// Throws ModuleError: not_found when the file does not exist, else not_loadable with the loader's message.
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

/// Candidate paths of libp11's helper library (private_key_bridge.hpp), best first: beside the running
/// program, as in the build tree, then the installed path.
std::vector<std::filesystem::path> helper_library_candidates(const std::string& file_name);

/// The running program's name, as p11-kit's enable-in and disable-in spell it.
std::string running_program_name();

}  // namespace koshin::pkcs11
