// SPDX-License-Identifier: MIT
// Where Yubico's own library is.
#pragma once

#include <memory>
#include <string>

#include "pkcs11/shared_object.hpp"

namespace koshin::pkcs11 {

/// For messages: "libykpiv.so.2", "libykpiv.dll".
extern const char* const yubikey_library_name;
/// nullptr when it is not installed.
std::unique_ptr<SharedObject> load_yubikey_library();

}  // namespace koshin::pkcs11
