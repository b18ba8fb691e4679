// SPDX-License-Identifier: MIT
// Three spellings of one certificate.
#include "bank/front_end.hpp"

#include <algorithm>

#include "bank/base64.hpp"

namespace koshin::bank {

X509Ptr certificate_of_front(const Request& request) {
  // Percent-encoding is that of forms but for "+", which in base64 is a digit.
  std::string text = request.header("x-client-certificate");
  for (std::size_t at = 0; (at = text.find('+', at)) != std::string::npos; at += 3)
    text.replace(at, 1, "%2B");
  text = form_value("certificate=" + text, "certificate");
  static const std::string begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----";
  const auto first = text.find(begin), last = text.find(end);
  if (first != std::string::npos && last != std::string::npos)
    text = text.substr(first + begin.size(), last - first - begin.size());
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
  const auto der = base64_decode(text);
  if (!der || der->empty()) return nullptr;
  const unsigned char* cursor = der->data();
  return X509Ptr(d2i_X509(nullptr, &cursor, static_cast<long>(der->size())));
}

}  // namespace koshin::bank
