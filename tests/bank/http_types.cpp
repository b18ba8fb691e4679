// SPDX-License-Identifier: MIT
// Form decoding and HTML escaping.
#include "bank/http_types.hpp"

#include <cctype>

namespace koshin::bank {
namespace {

std::string url_decode(const std::string& text) {
  std::string decoded;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool escape = text[at] == '%' && at + 2 < text.size() &&
                        std::isxdigit(static_cast<unsigned char>(text[at + 1])) != 0 &&
                        std::isxdigit(static_cast<unsigned char>(text[at + 2])) != 0;
    if (escape) {
      decoded += static_cast<char>(std::stoi(text.substr(at + 1, 2), nullptr, 16));
      at += 2;
    } else {
      decoded += text[at] == '+' ? ' ' : text[at];
    }
  }
  return decoded;
}

}  // namespace

std::string form_value(const std::string& form, const std::string& name) {
  for (std::size_t at = 0; at <= form.size();) {
    auto end = form.find('&', at);
    if (end == std::string::npos) end = form.size();
    const auto pair = form.substr(at, end - at);
    const auto equals = pair.find('=');
    if (equals != std::string::npos && url_decode(pair.substr(0, equals)) == name)
      return url_decode(pair.substr(equals + 1));
    at = end + 1;
  }
  return {};
}

std::string html_escape(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

}  // namespace koshin::bank
