// SPDX-License-Identifier: MIT
// base64 by OpenSSL's block functions, with checks for the invalid input that these accept.
#include "enrollment/http/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace koshin::enrollment {

namespace {
constexpr std::size_t bytes_per_line = 48;  // 64 columns

bool in_alphabet(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}
}  // namespace

std::string to_base64(pkcs11::ByteView bytes) {
  std::vector<unsigned char> text((bytes.size() + 2) / 3 * 4 + 1);
  const int size = EVP_EncodeBlock(text.data(), bytes.data(), static_cast<int>(bytes.size()));
  return {text.begin(), text.begin() + size};
}

std::string to_wrapped_base64(pkcs11::ByteView bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += bytes_per_line) {
    text += to_base64(bytes.subspan(at, std::min(bytes_per_line, bytes.size() - at)));
    text += '\n';
  }
  return text;
}

std::optional<pkcs11::Bytes> from_base64(std::string_view text) {
  std::string packed;
  packed.reserve(text.size());
  std::ranges::copy_if(text, std::back_inserter(packed),
                       [](char c) { return c != '\r' && c != '\n' && c != ' ' && c != '\t'; });
  const std::size_t padding = packed.size() - std::min(packed.size(), packed.find_last_not_of('=') + 1);
  if (packed.size() % 4 != 0 || padding > 2) return std::nullopt;
  if (!std::all_of(packed.begin(), packed.end() - static_cast<std::ptrdiff_t>(padding), in_alphabet))
    return std::nullopt;

  pkcs11::Bytes bytes(packed.size() / 4 * 3);
  const std::vector<unsigned char> input(packed.begin(), packed.end());
  if (EVP_DecodeBlock(bytes.data(), input.data(), static_cast<int>(input.size())) < 0) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace koshin::enrollment
