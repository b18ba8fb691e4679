// SPDX-License-Identifier: MIT
// Secrets on their way into libcurl. Internal to this module.
#pragma once

#include "foundation/secrets/secure_buffer.hpp"

namespace koshin::enrollment {

/// A C string for as long as libcurl needs to copy it.
inline SecureBuffer terminated(const SecureBuffer& secret) {
  SecureBuffer text(secret.size() + 1);
  for (const char c : secret.view()) text.push_back(c);
  text.push_back('\0');
  return text;
}

}  // namespace koshin::enrollment
