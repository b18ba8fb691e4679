// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "faults/module_system.hpp"

namespace koshin::faults {

std::intptr_t open_log(const std::filesystem::path& file) {
  return ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
}

bool append(std::intptr_t log, std::string_view line) {
  return ::write(static_cast<int>(log), line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

void end_at_once() {
  ::kill(::getpid(), SIGKILL);
}

void wait_for_ever() {
  for (;;) ::pause();
}

void* function_of(const std::filesystem::path& library, const char* function) {
  void* const loaded = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  return loaded == nullptr ? nullptr : ::dlsym(loaded, function);
}

}  // namespace koshin::faults
