// SPDX-License-Identifier: MIT
// OpenSSL's error queue as one line of text.
#include "enrollment/x509/openssl_handles.hpp"

#include <openssl/err.h>

#include <array>

namespace koshin::enrollment {

std::string openssl_errors() {
  std::string text;
  const char* data = nullptr;
  int flags = 0;
  while (const unsigned long code = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
    std::array<char, 256> line{};
    ERR_error_string_n(code, line.data(), line.size());
    if (!text.empty()) text += "; ";
    text += line.data();
    if ((flags & ERR_TXT_STRING) != 0 && data != nullptr && *data != '\0')
      text.append(" (").append(data).append(")");
  }
  return text.empty() ? "no further reason given" : text;
}

}  // namespace koshin::enrollment
