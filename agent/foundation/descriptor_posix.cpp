// SPDX-License-Identifier: MIT
// File descriptors on POSIX systems.
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "foundation/descriptor.hpp"

namespace koshin {

std::size_t read_some(int descriptor, std::span<char> into) {
  while (true) {
    const ssize_t count = ::read(descriptor, into.data(), into.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "read");
  }
}

void write_all(int descriptor, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw std::system_error(errno, std::generic_category(), "write");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace koshin
