// SPDX-License-Identifier: MIT
// Lengths of DER (X.690 section 8.1.3).
#include "pkcs11/der.hpp"

#include <algorithm>

namespace koshin::pkcs11 {

std::size_t size_of_der(ByteView der) noexcept {
  constexpr std::uint8_t long_form = 0x80;
  constexpr std::size_t head = 2, most_digits = 4;
  if (der.size() < head) return 0;
  if (der[1] < long_form) return head + der[1];
  const std::size_t digits = der[1] & 0x7FU;
  if (digits == 0 || digits > most_digits || der.size() < head + digits) return 0;
  std::size_t length = 0;
  for (std::size_t i = 0; i < digits; ++i) length = (length << 8U) | der[head + i];
  return head + digits + length;
}

Bytes without_padding(Bytes der) {
  const std::size_t size = size_of_der(der);
  if (size == 0 || size >= der.size()) return der;
  const auto end = der.begin() + static_cast<std::ptrdiff_t>(size);
  if (std::all_of(end, der.end(), [](std::uint8_t byte) { return byte == 0; })) der.erase(end, der.end());
  return der;
}

}  // namespace koshin::pkcs11
