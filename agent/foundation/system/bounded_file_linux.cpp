// SPDX-License-Identifier: MIT
// A sealed memfd: its size is set beforehand and cannot grow, so a write beyond it fails for whoever writes.
#include "foundation/system/bounded_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "foundation/system/descriptor_posix.hpp"

namespace koshin {
namespace {

void require(bool succeeded, const char* call) {
  if (!succeeded) throw std::system_error(errno, std::generic_category(), call);
}

}  // namespace

Handle make_bounded_file(std::size_t size) {
  Handle file(out_of_reach(::memfd_create("koshin-output", MFD_CLOEXEC | MFD_ALLOW_SEALING)));
  require(static_cast<bool>(file), "memfd_create");
  require(::ftruncate(file.get(), static_cast<off_t>(size)) == 0, "ftruncate");
  require(::fcntl(file.get(), F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) == 0, "F_ADD_SEALS");
  return file;
}

std::string_view read_bounded_file(NativeHandle file, std::span<char> into) noexcept {
  const off_t written = ::lseek(file, 0, SEEK_CUR);
  if (written <= 0) return {};
  const auto wanted = std::min(static_cast<std::size_t>(written), into.size());
  const ssize_t count = ::pread(file, into.data(), wanted, 0);
  return {into.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

}  // namespace koshin
