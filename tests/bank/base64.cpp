// SPDX-License-Identifier: MIT
// Base64 over OpenSSL's block functions.
#include "bank/base64.hpp"

#include <algorithm>

namespace koshin::bank {

std::string base64_encode(ByteView bytes, bool wrapped) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  if (!wrapped) return text;
  std::string lines;
  for (std::size_t at = 0; at < text.size(); at += 64) {
    lines += text.substr(at, 64);
    lines += '\n';
  }
  return lines;
}

std::optional<Bytes> base64_decode(std::string_view text) {
  std::string dense;
  std::copy_if(text.begin(), text.end(), std::back_inserter(dense),
               [](char c) { return c != '\r' && c != '\n' && c != ' ' && c != '\t'; });
  if (dense.size() % 4 != 0) return std::nullopt;
  Bytes bytes(dense.size() / 4 * 3);
  const int length = EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(dense.data()),
                                     static_cast<int>(dense.size()));
  if (length < 0) return std::nullopt;
  const auto padding = static_cast<std::size_t>(std::count(dense.begin(), dense.end(), '='));
  if (padding > 2) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

}  // namespace koshin::bank
