// SPDX-License-Identifier: MIT
// What a PIV card keeps without power (NIST SP 800-73-4), in one file that is replaced as a whole.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "tlv.hpp"

namespace koshin::cards {

/// SP 800-78-4 table 6-2, as P1 of GENERAL AUTHENTICATE and in templates.
enum class Algorithm : std::uint8_t {
  triple_des = 0x03,
  rsa_1024 = 0x06,
  rsa_2048 = 0x07,
  aes_128 = 0x08,
  aes_192 = 0x0A,
  aes_256 = 0x0C,
  ec_p256 = 0x11,
  ec_p384 = 0x14
};

/// When the PIN is asked for; YubiKey's extension, and how 9c has always been.
enum class PinPolicy : std::uint8_t { standard = 0, never = 1, once = 2, always = 3 };

/// When a touch of the card is waited for; YubiKey's extension. `cached`: a touch is good for 15 seconds.
enum class TouchPolicy : std::uint8_t { standard = 0, never = 1, always = 2, cached = 3 };

/// A key slot: 9a, 9c, 9d, 9e, 82 to 95.
struct KeySlot {
  Algorithm algorithm = Algorithm::ec_p256;
  PinPolicy pin_policy = PinPolicy::once;
  Bytes private_key;  ///< PKCS#8, DER
  TouchPolicy touch_policy = TouchPolicy::never;
  bool imported = false;  ///< made elsewhere: the card does not attest it
  bool operator==(const KeySlot&) const = default;
};

/// A PIN or PUK of up to eight characters.
struct Secret {
  std::string value;
  unsigned tries = 3, tries_left = 3;
  bool operator==(const Secret&) const = default;
};

struct CardState {
  std::uint32_t serial = 12'345'678;
  Secret pin{"123456"};
  Secret puk{"12345678"};
  bool has_metadata = true;  ///< false: an older card, without GET METADATA (YubiKey firmware before 5.3)
  /// The key of slot F9 (PKCS#8, DER; its certificate is object 5FFF01); empty: the card attests nothing.
  Bytes attestation_key;
  bool moves_keys = false;  ///< firmware 5.7: MOVE KEY, which also deletes
  Algorithm management_algorithm = Algorithm::triple_des;
  Bytes management_key;                    ///< 24 bytes for 3DES, else as the algorithm wants
  std::map<unsigned, KeySlot> keys;        ///< by key reference
  std::map<std::uint32_t, Bytes> objects;  ///< by tag (5FC105 …): what is in the 53 template
  bool operator==(const CardState&) const = default;
};

/// The factory's 3DES key; what ykman's newer cards have as AES-192, too.
Bytes default_management_key();

/// A card as a card centre hands it out: CHUID and capability container, no keys.
CardState fresh_card(std::uint32_t serial);

/// The object that has a slot's certificate; 0 for what is no slot.
std::uint32_t certificate_object_of(unsigned slot);
/// The certificate (DER) in a slot's object; empty when there is none.
Bytes certificate_in(const CardState& state, unsigned slot);
/// What a slot's object with this certificate holds (SP 800-73-4 part 1, table 10): 70, 71, FE.
Bytes certificate_object(ByteView der);

/// Writes a new file and renames it into place: a card that is pulled has the old state or the new one.
void save(const CardState& state, const std::filesystem::path& file);
/// Throws std::runtime_error for a file that is not save()'s.
CardState load(const std::filesystem::path& file);

}  // namespace koshin::cards
