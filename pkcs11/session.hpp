// SPDX-License-Identifier: MIT
// A session with a token, and all operations in it.
#pragma once

#include <openssl/types.h>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pkcs11/module.hpp"
#include "pkcs11/signature_wait.hpp"
#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

struct EvpPkeyDeleter {
  void operator()(EVP_PKEY* key) const noexcept;
};
using EvpPkey = std::unique_ptr<EVP_PKEY, EvpPkeyDeleter>;

enum class Access { read_only, read_write };
enum class User { user, security_officer };
/// Whether objects of its own may be under the CKA_ID of a new pair: a slot of a card, whose key is replaced.
enum class Place { free, occupied };
/// What a new private key is made for: signatures (and with them requests and TLS), or decryption as well.
enum class KeyUse { sign, decrypt };
/// What a new key is for, and what the token is to ask for before it is used.
struct KeyTraits {
  KeyUse use = KeyUse::sign;
  KeyUsePolicies policies = {};
};

/// A PIN as it is passed to a token: not copied and not stored. The memory stays the caller's.
using PinView = std::span<const char>;
/// Supplies a PIN while the passed function runs. Used where a token requires the PIN for each signature
/// (CKA_ALWAYS_AUTHENTICATE).
using PinSource = std::function<void(const std::function<void(PinView)>&)>;

/// An open session. A login applies to token and application; the session ends only its own login. Functions
/// throw Error unless stated otherwise.
class Session {
 public:
  static std::unique_ptr<Session> open(std::shared_ptr<Module> module, std::uint64_t slot, Access access);
  virtual ~Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// C_Login, exactly once, whatever it returns. With an empty view the PIN is typed on the reader (protected
  /// authentication path). CKR_USER_ALREADY_LOGGED_IN counts as success.
  virtual void login(User user, PinView pin) = 0;
  virtual void logout() = 0;
  /// C_SetPIN, once: replaces the user's PIN, in a read-write session without a login. A module that wants a
  /// login first (CKR_USER_NOT_LOGGED_IN) gets one with the old PIN, and C_SetPIN again. With empty views
  /// both PINs are typed on the reader (protected authentication path).
  virtual void set_pin(PinView old_pin, PinView new_pin) = 0;
  /// C_InitPIN, exactly once, in a read-write session of the security officer's: sets the user's PIN. With an
  /// empty view it is typed on the reader.
  virtual void init_pin(PinView new_pin) = 0;
  /// One C_GetSessionInfo: whether a user is logged in.
  virtual bool logged_in() = 0;
  /// Sets the source of the PIN for context-specific logins (CKA_ALWAYS_AUTHENTICATE). Without a source the
  /// PIN is typed on the reader (protected authentication path).
  virtual void set_context_pin(PinSource source) = 0;

  /// Sets who is told of signatures that take long.
  virtual void observe_signatures(SignatureObserver observer) = 0;

  /// All visible X.509 certificates, public and private keys: one search, then one C_GetAttributeValue for
  /// each object. CKA_VALUE is never read from an object that may be a private key: once logged in, a
  /// certificate takes a second call or, where there are many objects, all of them another search. An object
  /// that the module fails to read twice is among them with TokenObject::read_failed as long as the module
  /// reads others; throws Error when it does not any more.
  virtual std::vector<TokenObject> objects() = 0;
  /// objects() with this CKA_ID only. A module that cannot search by CKA_ID is searched for all objects.
  virtual std::vector<TokenObject> objects_with_id(ByteView id) = 0;

  /// The visible objects, certificates apart, without reading any: two searches. Of a token with few objects,
  /// or whose module does not tell certificates apart, all are among the others: one search.
  virtual ObjectList list() = 0;
  /// Reads objects of list(), either its certificates or its others, as objects() does: one
  /// C_GetAttributeValue for each.
  virtual std::vector<TokenObject> read_listed(const std::vector<std::uint64_t>& listed,
                                               bool certificates) = 0;
  /// The handles of the certificates with this CKA_ID, or this CKA_SUBJECT (DER Name): one search. Empty when
  /// the module cannot search by the attribute.
  virtual std::optional<std::vector<std::uint64_t>> certificates_with_id(ByteView id) = 0;
  virtual std::optional<std::vector<std::uint64_t>> certificates_with_subject(ByteView name) = 0;

  /// Whether an object is blank: no CKA_ID, CKA_LABEL and CKA_SUBJECT, and for a certificate no CKA_VALUE,
  /// for a key no public key attribute and no CKA_LOCAL. Some tokens create an object first and fill it
  /// afterwards; an interrupted call leaves a blank one. One C_GetAttributeValue.
  virtual bool is_blank(const TokenObject& object) = 0;

  /// Handles of objects that have no CKA_CLASS, CKA_ID, CKA_LABEL or CKA_VALUE by the module's word, and that
  /// no search for a class of PKCS#11 finds. SoftHSM sets CKA_CLASS after CKA_KEY_TYPE, and a call that is
  /// cut off between the two leaves such an object, which is of no use to any program. Empty where the module
  /// cannot search for a class. Three searches where there are none: for after an interruption only.
  virtual std::vector<std::uint64_t> objects_without_class() = 0;

  /// One C_GetMechanismList, and one C_GetMechanismInfo for each key generation mechanism in it.
  virtual MechanismSupport mechanisms() = 0;

  /// C_GenerateKeyPair with CKA_TOKEN, CKA_PRIVATE, CKA_SENSITIVE, CKA_SIGN and without CKA_EXTRACTABLE;
  /// reads back the public key, the origin and CKA_SIGN. A module that refuses one of these attributes gets
  /// smaller templates, down to CKA_TOKEN and CKA_ID. A key for decryption also has CKA_DECRYPT (RSA) or
  /// CKA_DERIVE (EC), in templates that have CKA_SIGN. Policies go along where the module is known to have
  /// attributes for them, and are left out where it refuses these too. In a free place keys that a refused
  /// call has left under `id` are destroyed; in an occupied one nothing is: what is there goes with the new
  /// key alone.
  virtual GeneratedKeyPair generate_key_pair(KeyAlgorithm algorithm, ByteView id, const std::string& label,
                                             Place place = Place::free, const KeyTraits& traits = {}) = 0;
  /// CKA_LOCAL, CKA_NEVER_EXTRACTABLE and CKA_ALWAYS_SENSITIVE of a private key, as far as the module
  /// supports them.
  virtual KeyOrigin key_origin(const TokenObject& private_key) = 0;
  /// C_CreateObject of an X.509 certificate with CKA_ID, CKA_LABEL, and CKA_SUBJECT, CKA_ISSUER,
  /// CKA_SERIAL_NUMBER taken from `der`. A module that refuses one of these attributes gets smaller
  /// templates; an empty certificate object, or a copy of this certificate, that a refused call has left
  /// under `id` is destroyed. Returns the object as objects() would.
  virtual TokenObject write_certificate(ByteView der, ByteView id, const std::string& label) = 0;
  /// Decrypts with an RSA key (PKCS#1 v1.5): pkcs11/decryption.hpp.
  virtual Bytes decrypt(const TokenObject& private_key, ByteView encrypted) = 0;
  /// The secret of `size` bytes that an EC key and the uncompressed point of another key have in common
  /// (ECDH): pkcs11/decryption.hpp.
  virtual Bytes agree(const TokenObject& private_key, ByteView point, std::size_t size) = 0;
  /// C_DestroyObject.
  virtual void destroy(const TokenObject& object) = 0;

  /// The private key for OpenSSL (signatures, TLS), made by libp11 where available, from known data and
  /// without a further search. `public_key` is its DER SubjectPublicKeyInfo. The session must outlive the
  /// key.
  virtual EvpPkey evp_private_key(const TokenObject& private_key, ByteView public_key) = 0;
  /// The exception of the last failed signature inside OpenSSL (for example a pkcs11::Error), which OpenSSL
  /// cannot report; null when none has failed since the last call.
  virtual std::exception_ptr take_signing_failure() { return nullptr; }

 protected:
  Session() = default;
};

}  // namespace koshin::pkcs11
