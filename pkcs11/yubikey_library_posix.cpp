// SPDX-License-Identifier: MIT
// By its name, where the system's loader finds it: ykcs11 is linked with the same file.
#include <dlfcn.h>

#include "pkcs11/yubikey_library.hpp"

namespace koshin::pkcs11 {
namespace {

class InstalledLibrary final : public SharedObject {
 public:
  explicit InstalledLibrary(void* handle) : handle_(handle) {}
  ~InstalledLibrary() override {
    if (!kept_) dlclose(handle_);
  }
  InstalledLibrary(const InstalledLibrary&) = delete;
  InstalledLibrary& operator=(const InstalledLibrary&) = delete;
  void* symbol(const std::string& name) const override { return dlsym(handle_, name.c_str()); }
  void keep() noexcept override { kept_ = true; }

 private:
  void* handle_;
  bool kept_ = false;
};

}  // namespace

const char* const yubikey_library_name = "libykpiv.so.2";

std::unique_ptr<SharedObject> load_yubikey_library() {
  void* const handle = dlopen(yubikey_library_name, RTLD_NOW | RTLD_LOCAL);
  return handle == nullptr ? nullptr : std::make_unique<InstalledLibrary>(handle);
}

}  // namespace koshin::pkcs11
