// SPDX-License-Identifier: MIT
#include "foundation/base/file_uri.hpp"

#include <cctype>
#include <cstdio>
#include <string_view>

namespace koshin {

std::string file_uri(const std::filesystem::path& path) {
  std::string uri = "file://";
  const std::u8string text = path.generic_u8string();
  const bool has_drive = !text.starts_with(u8'/');
  if (has_drive) uri += '/';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const char character = static_cast<char>(byte);
    const bool plain = std::isalnum(byte) != 0 ||
                       std::string_view("/-_.~").find(character) != std::string_view::npos ||
                       (has_drive && i == 1 && character == ':');
    char encoded[4];
    std::snprintf(encoded, sizeof encoded, plain ? "%c" : "%%%02X", static_cast<unsigned>(byte));
    uri += encoded;
  }
  return uri;
}

}  // namespace koshin
