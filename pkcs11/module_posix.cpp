// SPDX-License-Identifier: MIT
// Loading of shared objects, and file locations, on POSIX systems.
#include <dlfcn.h>

#include <system_error>
#include <utility>

#include "pkcs11/call_watch.hpp"
#include "pkcs11/error.hpp"
#include "pkcs11/shared_object.hpp"

namespace koshin::pkcs11 {
namespace {

namespace fs = std::filesystem;

class PosixSharedObject final : public SharedObject {
 public:
  explicit PosixSharedObject(void* handle) : handle_(handle) {}
  ~PosixSharedObject() override {
    if (!kept_) dlclose(handle_);
  }
  PosixSharedObject(const PosixSharedObject&) = delete;
  PosixSharedObject& operator=(const PosixSharedObject&) = delete;

  void* symbol(const std::string& name) const override { return dlsym(handle_, name.c_str()); }
  void keep() noexcept override { kept_ = true; }

 private:
  void* handle_;
  bool kept_ = false;
};

/// By the system's file where there is one, as on Linux; else as the loader knows the program, which may be
/// no more than the name that it was started by.
fs::path running_program() {
  std::error_code none;
  if (fs::path program = fs::read_symlink("/proc/self/exe", none); !none) return program;
  Dl_info about{};
  const bool known = dladdr(reinterpret_cast<const void*>(&running_program), &about) != 0;
  return known && about.dli_fname != nullptr ? about.dli_fname : fs::path();
}

}  // namespace

std::unique_ptr<SharedObject> SharedObject::load(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    throw ModuleError(ModuleError::Kind::not_found,
                      "no PKCS#11 module at " + path.string() + (error ? ": " + error.message() : ""));
  }
  // RTLD_LOCAL: symbols of two vendors' modules must not collide. RTLD_NOW: a missing symbol is an error here
  // and not a crash during a renewal.
  void* handle = nullptr;
  {
    const WatchedCall watched;  // runs the module's constructors
    handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  }
  if (handle == nullptr) {
    const char* reason = dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it per thread
    throw ModuleError(ModuleError::Kind::not_loadable, path.string() + " cannot be loaded: " +
                                                           (reason == nullptr ? "unknown reason" : reason));
  }
  return std::make_unique<PosixSharedObject>(handle);
}

std::vector<fs::path> helper_library_candidates(const std::string& file_name) {
  std::vector<fs::path> candidates;
  if (const fs::path program = running_program(); program.is_absolute()) {
    candidates.push_back(program.parent_path() / file_name);
  }
  candidates.push_back(fs::path(KOSHIN_LIBEXECDIR) / file_name);
  return candidates;
}

std::string running_program_name() {
  return running_program().filename().string();
}

}  // namespace koshin::pkcs11
