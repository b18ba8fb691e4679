// SPDX-License-Identifier: MIT
// Tokens and objects for the rest of koshin: plain values in the terms of PKCS#11, without Cryptoki types.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace koshin::pkcs11 {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Key types that koshin generates on a token.
enum class KeyAlgorithm { rsa_2048, rsa_3072, rsa_4096, ec_p256, ec_p384, ec_p521 };

/// "rsa-2048", "rsa-3072", "rsa-4096", "ec-p256", "ec-p384", "ec-p521": the spelling of settings, journal and
/// messages.
std::string_view to_string(KeyAlgorithm algorithm);
/// The inverse of to_string; empty for any other text.
std::optional<KeyAlgorithm> parse_key_algorithm(std::string_view text);

/// The identity of a token (PKCS#11 section 3.2, CK_TOKEN_INFO; trailing blanks removed): never a slot number
/// or a label.
struct TokenIdentity {
  std::string manufacturer;
  std::string model;
  std::string serial;
  auto operator<=>(const TokenIdentity&) const = default;
};

/// The state of the PINs in CK_TOKEN_INFO.flags, read before any login.
struct PinState {
  bool initialized = false;     ///< CKF_USER_PIN_INITIALIZED
  bool count_low = false;       ///< CKF_USER_PIN_COUNT_LOW: at least one wrong PIN since the last right one
  bool final_try = false;       ///< CKF_USER_PIN_FINAL_TRY: one more wrong PIN locks the token
  bool locked = false;          ///< CKF_USER_PIN_LOCKED
  bool to_be_changed = false;   ///< CKF_USER_PIN_TO_BE_CHANGED
  bool so_final_try = false;    ///< CKF_SO_PIN_FINAL_TRY
  bool so_locked = false;       ///< CKF_SO_PIN_LOCKED
  bool protected_path = false;  ///< CKF_PROTECTED_AUTHENTICATION_PATH: the PIN is typed on the reader
  unsigned min_length = 0;      ///< bytes
  unsigned max_length = 0;      ///< bytes; 0: unknown
  bool operator==(const PinState&) const = default;
};

/// A module's description of itself (CK_INFO).
struct LibraryInfo {
  std::string manufacturer, description;
  unsigned major = 0, minor = 0;
};

/// A module's description of a slot (CK_SLOT_INFO); members may be empty.
struct SlotInfo {
  std::string description;  ///< the reader's name, where there is a reader
  std::string manufacturer;
};

struct TokenInfo {
  std::uint64_t slot = 0;  ///< CK_SLOT_ID: valid only in this process, for this load of the module
  TokenIdentity identity;
  std::string label;
  std::string slot_description;  ///< the reader's name; empty unless requested
  bool initialized = false;
  bool write_protected = false;
  bool login_required = false;
  PinState pin;
  std::optional<std::uint64_t> free_private_memory;  ///< bytes; empty: unknown
  std::optional<std::uint64_t> free_public_memory;   ///< bytes; empty: unknown
};

/// CKA_KEY_TYPE, as far as koshin distinguishes it.
enum class KeyType { other, rsa, ec };

enum class ObjectClass { certificate, public_key, private_key, other };

/// An object on a token, with all attributes that koshin uses, read in one C_GetAttributeValue.
struct TokenObject {
  std::uint64_t handle = 0;  ///< CK_OBJECT_HANDLE: valid for the session that found it
  ObjectClass object_class = ObjectClass::other;
  Bytes id;           ///< CKA_ID
  std::string label;  ///< CKA_LABEL
  Bytes certificate;  ///< CKA_VALUE of an X.509 certificate, DER
  Bytes public_key;   ///< DER SubjectPublicKeyInfo with a named curve; empty when this object does
                      ///< not reveal it
  KeyType key_type = KeyType::other;  ///< of a key
  bool is_private = false;            ///< CKA_PRIVATE: visible only after a login
  bool can_sign = false;              ///< private key: CKA_SIGN
  bool always_authenticate = false;   ///< private key: CKA_ALWAYS_AUTHENTICATE
  /// The module fails to read the object's class (which says `other` then) or a key's CKA_ID, although it
  /// reads others: the object may be what is looked for.
  bool read_failed = false;
};

/// The handles of a token's visible objects, unread.
struct ObjectList {
  std::vector<std::uint64_t> certificates;
  std::vector<std::uint64_t> others;  ///< keys, what koshin does not use, and what could not be told apart
};

/// Attributes of a generated private key about its origin (PKCS#11 section 4.9). Empty: the module does not
/// know the attribute.
struct KeyOrigin {
  std::optional<bool> local;              ///< CKA_LOCAL: made on this token
  std::optional<bool> never_extractable;  ///< CKA_NEVER_EXTRACTABLE
  std::optional<bool> always_sensitive;   ///< CKA_ALWAYS_SENSITIVE
  std::optional<bool> extractable;        ///< CKA_EXTRACTABLE
  std::optional<bool> sensitive;          ///< CKA_SENSITIVE
  std::optional<bool> is_private;         ///< CKA_PRIVATE: usable after login only
  bool unread = false;                    ///< the module failed to read one of these attributes
  /// Whether no attribute contradicts a key that was generated on the token and cannot leave it. Absent
  /// attributes are accepted after C_GenerateKeyPair.
  bool trustworthy() const {
    const bool stays = !extractable.value_or(false) && sensitive.value_or(true);
    return stays && !unread && local.value_or(true) && never_extractable.value_or(true) &&
           always_sensitive.value_or(true);
  }
};

struct GeneratedKeyPair {
  TokenObject private_key;
  TokenObject public_key;  ///< public_key.public_key holds the SubjectPublicKeyInfo
  KeyOrigin origin;
};

/// The mechanisms of the token that koshin uses.
struct MechanismSupport {
  std::vector<KeyAlgorithm> can_generate;  ///< key types that the token's mechanisms can generate
  bool rsa_pkcs = false;                   ///< CKM_RSA_PKCS
  bool rsa_pss =
      false;  ///< CKM_RSA_PKCS_PSS or raw RSA: without it TLS must stay at 1.2 with PKCS#1 signatures
  bool ecdsa = false;  ///< CKM_ECDSA
};

}  // namespace koshin::pkcs11
