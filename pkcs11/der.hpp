// SPDX-License-Identifier: MIT
// The encoded length of a DER element.
#pragma once

#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// Size in bytes of tag, length and content of the element at the begin of `der`, by its length field:
/// possibly more than `der` holds. 0 for an indefinite length, a length above 4 GiB, or a truncated length
/// field.
std::size_t size_of_der(ByteView der) noexcept;

/// Removes zero bytes after the element: some cards return a whole file with its padding. Other trailing
/// bytes stay.
Bytes without_padding(Bytes der);

}  // namespace koshin::pkcs11
