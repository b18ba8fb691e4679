// SPDX-License-Identifier: MIT
// What a YubiKey says about its management key (the key 9B of NIST SP 800-73-4, which makes keys and writes
// certificates) to anybody: the data object ADMIN DATA and the answer to GET METADATA. The formats are those
// of Yubico's libykpiv and ykman (docs.yubico.com, "PIV PIN-only mode").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "pkcs11/session.hpp"
#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

/// ADMIN DATA, object 5FFF00: 80 { 81 flags, 82 salt, 83 time of the last change of the PIN }.
struct PivAdministration {
  bool key_behind_pin =
      false;   ///< bit 1 of the flags: the object PRINTED, which needs the PIN, holds the key
  Bytes salt;  ///< 16 bytes: the key is derived from the PIN; empty: it is not
};
/// What cannot be parsed says nothing: both members are as at the beginning.
PivAdministration parse_piv_administration(ByteView object);

/// The answer to GET METADATA for 9B: 01 algorithm, 02 policies, 05 whether the key is the factory's.
struct PivKeyMetadata {
  std::uint8_t algorithm = 0;  ///< SP 800-78-4 table 6-2; 0: not said
  bool factory = false;
};
PivKeyMetadata parse_piv_key_metadata(ByteView answer);

inline constexpr std::uint8_t piv_triple_des = 0x03;
/// "3DES", "AES-128", "AES-192", "AES-256"; for others the number in hexadecimal.
std::string piv_management_algorithm(std::uint8_t algorithm);

/// Hexadecimal digits of the longest management key, AES-256.
inline constexpr std::size_t piv_longest_key_digits = 64;
/// The management key that is derived from the PIN (PBKDF2 with HMAC-SHA-1, 10000 rounds) in hexadecimal
/// digits, as modules take it. `algorithm` 0: 3DES. Returns how many digits were written to `digits`, which
/// the caller wipes; 0: OpenSSL could not.
std::size_t derive_piv_management_key(PinView pin, ByteView salt, std::uint8_t algorithm,
                                      std::span<char, piv_longest_key_digits> digits);

/// The management key that all of these cards have when they leave the factory: public, no secret.
inline constexpr std::string_view piv_factory_key = "010203040506070801020304050607080102030405060708";

}  // namespace koshin::pkcs11
