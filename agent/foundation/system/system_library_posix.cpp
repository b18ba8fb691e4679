// SPDX-License-Identifier: MIT
#include <dlfcn.h>

#include <string>

#include "foundation/failures/failure.hpp"
#include "foundation/system/system_library.hpp"

namespace koshin {

SystemLibrary::SystemLibrary(const char* file, Binding binding)
    : file_(file), handle_(dlopen(file, (binding == Binding::now ? RTLD_NOW : RTLD_LAZY) | RTLD_LOCAL)) {
  if (handle_ != nullptr) return;
  const char* const text = dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it per thread
  fail(Reason::internal_error, std::string(file) + " cannot be loaded, install its package again: " +
                                   (text == nullptr ? "unknown reason" : text));
}

void* SystemLibrary::symbol(const char* name) const {
  void* const found = dlsym(handle_, name);
  if (found == nullptr) fail(Reason::internal_error, std::string(file_) + " has no " + name);
  return found;
}

}  // namespace koshin
