// SPDX-License-Identifier: MIT
#include "pkcs11/piv_administration.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>

namespace koshin::pkcs11 {
namespace {

constexpr std::uint8_t tag_administration = 0x80, tag_flags = 0x81, tag_salt = 0x82;
constexpr std::uint8_t key_is_behind_pin = 0x02;
constexpr std::size_t salt_size = 16;
constexpr int rounds = 10'000;

struct Field {
  std::uint8_t tag = 0;
  ByteView value;
};

/// Takes a field with a tag of one byte off the front of `bytes`; empty at the end, or where it is not whole.
std::optional<Field> take_field(ByteView& bytes) {
  constexpr std::uint8_t one_byte_length = 0x81, two_byte_length = 0x82;
  if (bytes.size() < 2) return std::nullopt;
  std::size_t header = 2, size = bytes[1];
  if (size == one_byte_length && bytes.size() > 2) {
    size = bytes[2];
    header = 3;
  } else if (size == two_byte_length && bytes.size() > 3) {
    size = static_cast<std::size_t>(bytes[2]) << 8U | bytes[3];
    header = 4;
  } else if (size >= one_byte_length - 1) {
    return std::nullopt;
  }
  if (bytes.size() - header < size) return std::nullopt;
  const Field field{bytes[0], bytes.subspan(header, size)};
  bytes = bytes.subspan(header + size);
  return field;
}

std::size_t key_size(std::uint8_t algorithm) {
  constexpr std::uint8_t aes_128 = 0x08, aes_256 = 0x0C;
  return algorithm == aes_128 ? 16 : algorithm == aes_256 ? 32 : 24;
}

}  // namespace

PivAdministration parse_piv_administration(ByteView object) {
  PivAdministration result;
  const auto whole = take_field(object);
  if (!whole || whole->tag != tag_administration) return result;
  ByteView fields = whole->value;
  while (const auto field = take_field(fields)) {
    if (field->tag == tag_flags && field->value.size() == 1)
      result.key_behind_pin = (field->value[0] & key_is_behind_pin) != 0;
    if (field->tag == tag_salt && field->value.size() == salt_size)
      result.salt.assign(field->value.begin(), field->value.end());
  }
  return result;
}

PivKeyMetadata parse_piv_key_metadata(ByteView answer) {
  constexpr std::uint8_t algorithm = 0x01, is_default = 0x05;
  PivKeyMetadata result;
  while (const auto field = take_field(answer)) {
    if (field->value.size() != 1) continue;
    if (field->tag == algorithm) result.algorithm = field->value[0];
    if (field->tag == is_default) result.factory = field->value[0] != 0;
  }
  return result;
}

std::string piv_management_algorithm(std::uint8_t algorithm) {
  switch (algorithm) {
    case piv_triple_des:
      return "3DES";
    case 0x08:
      return "AES-128";
    case 0x0A:
      return "AES-192";
    case 0x0C:
      return "AES-256";
    default:
      break;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  return std::string{'0', 'x', digits[algorithm >> 4U], digits[algorithm & 0xFU]};
}

std::size_t derive_piv_management_key(PinView pin, ByteView salt, std::uint8_t algorithm,
                                      std::span<char, piv_longest_key_digits> digits) {
  constexpr std::string_view characters = "0123456789abcdef";
  const std::size_t size = key_size(algorithm);
  // The key is written where its digits come to lie, so that no copy of it is anywhere else.
  if (PKCS5_PBKDF2_HMAC(pin.data(), static_cast<int>(pin.size()), salt.data(), static_cast<int>(salt.size()),
                        rounds, EVP_sha1(), static_cast<int>(size),
                        reinterpret_cast<unsigned char*>(digits.data())) != 1)
    return 0;
  for (std::size_t at = size; at-- > 0;) {
    const auto byte = static_cast<unsigned char>(digits[at]);
    digits[2 * at] = characters[byte >> 4U];
    digits[2 * at + 1] = characters[byte & 0xFU];
  }
  return 2 * size;
}

}  // namespace koshin::pkcs11
