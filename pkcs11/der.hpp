// SPDX-License-Identifier: MIT
// How long a DER element is, by its own word.
#pragma once

#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// Tag, length and content of the element that `der` begins with, as its length tells: it may be more than
/// there is. 0 when that cannot be told: indefinite, longer than 4 GiB, or cut off before.
std::size_t size_of_der(ByteView der) noexcept;

/// Without the zeros that follow the element: some cards give a file out with all the room that it has.
/// Anything else that follows stays.
Bytes without_padding(Bytes der);

}  // namespace koshin::pkcs11
