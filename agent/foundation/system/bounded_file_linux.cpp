// SPDX-License-Identifier: MIT
// A sealed memfd: its size is set beforehand and cannot grow, so a write beyond it fails for whoever writes.
#include "foundation/system/bounded_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "foundation/system/descriptor.hpp"

namespace koshin {
namespace {

[[noreturn]] void give_up(int descriptor, const char* call) {
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  throw std::system_error(error, std::generic_category(), call);
}

}  // namespace

int make_bounded_file(std::size_t size) {
  const int low = ::memfd_create("koshin-output", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (low < 0 || ::ftruncate(low, static_cast<off_t>(size)) != 0) give_up(low, "memfd_create");
  if (::fcntl(low, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0) give_up(low, "F_ADD_SEALS");
  const int high = keep_own(low);
  ::close(low);
  return high;
}

std::string_view read_bounded_file(int descriptor, std::span<char> into) noexcept {
  const off_t written = ::lseek(descriptor, 0, SEEK_CUR);
  if (written <= 0) return {};
  const auto wanted = std::min(static_cast<std::size_t>(written), into.size());
  const ssize_t count = ::pread(descriptor, into.data(), wanted, 0);
  return {into.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

}  // namespace koshin
