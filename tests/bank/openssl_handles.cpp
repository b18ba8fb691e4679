// SPDX-License-Identifier: MIT
// Small conversions between OpenSSL's objects and plain values.
#include "bank/openssl_handles.hpp"

#include <openssl/err.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>

namespace koshin::bank {

void check(bool ok, const char* what) {
  if (ok) return;
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  throw std::runtime_error(std::string("cannot ") + what + ": " + text.data());
}

X509Ptr parse_certificate(ByteView der) {
  const unsigned char* cursor = der.data();
  X509Ptr certificate(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
  check(certificate && cursor == der.data() + der.size(), "parse certificate");
  return certificate;
}

std::string name_entry(const X509_NAME* name, int nid) {
  int index = -1;
  for (int next = X509_NAME_get_index_by_NID(name, nid, -1); next >= 0;
       next = X509_NAME_get_index_by_NID(name, nid, next)) {
    index = next;
  }
  if (index < 0) return {};
  unsigned char* utf8 = nullptr;
  const int length = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (length < 0) return {};
  std::string text(utf8, utf8 + length);
  OPENSSL_free(utf8);
  return text;
}

std::string hex(ByteView bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const auto byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string sha256_hex(ByteView bytes) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  check(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1, "hash");
  return hex({digest.data(), length});
}

std::string serial_of(const X509* certificate) {
  const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  check(number != nullptr, "read serial number");
  char* text = BN_bn2hex(number.get());
  std::string serial(text);
  OPENSSL_free(text);
  return serial;
}

std::string random_hex(std::size_t count) {
  Bytes bytes(count);
  check(RAND_bytes(bytes.data(), static_cast<int>(count)) == 1, "make random bytes");
  return hex(bytes);
}

}  // namespace koshin::bank
