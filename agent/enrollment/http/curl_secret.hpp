// SPDX-License-Identifier: MIT
// Passing secrets to libcurl. Internal to this module.
#pragma once

#include "foundation/secrets/secure_buffer.hpp"

namespace koshin::enrollment {

/// The secret as a C string, until libcurl has copied it.
inline SecureBuffer terminated(const SecureBuffer& secret) {
  SecureBuffer text(secret.size() + 1);
  for (const char c : secret.view()) text.push_back(c);
  text.push_back('\0');
  return text;
}

}  // namespace koshin::enrollment
