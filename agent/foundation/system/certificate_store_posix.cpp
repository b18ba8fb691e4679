// SPDX-License-Identifier: MIT
// POSIX systems keep no certificates for their users.
#include "foundation/system/certificate_store.hpp"

namespace koshin {

bool has_certificate_store() noexcept {
  return false;
}

std::vector<StoredCertificate> read_certificate_store() {
  return {};
}

std::optional<StoredCertificate> as_stored(std::span<const std::uint8_t> /*der*/) {
  return {};
}

}  // namespace koshin
