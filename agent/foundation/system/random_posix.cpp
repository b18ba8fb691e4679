// SPDX-License-Identifier: MIT
// Random bytes from the kernel.
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "random.hpp"

namespace koshin {

void fill_randomly(std::span<unsigned char> bytes) {
  if (getentropy(bytes.data(), bytes.size()) != 0)
    throw std::system_error(errno, std::generic_category(), "getentropy");
}

}  // namespace koshin
