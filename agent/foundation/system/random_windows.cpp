// SPDX-License-Identifier: MIT
// Random bytes from the system's generator.
#include <windows.h>
// After windows.h, which it needs.
#include <bcrypt.h>

#include <system_error>

#include "random.hpp"

namespace koshin {

void fill_randomly(std::span<unsigned char> bytes) {
  const NTSTATUS status = BCryptGenRandom(nullptr, bytes.data(), static_cast<ULONG>(bytes.size()),
                                          BCRYPT_USE_SYSTEM_PREFERRED_RNG);
  if (status != 0) throw std::system_error(status, std::system_category(), "BCryptGenRandom");
}

}  // namespace koshin
