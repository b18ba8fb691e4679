// SPDX-License-Identifier: MIT
// One session with one token, and all that koshin does in it.
#pragma once

#include <openssl/types.h>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "pkcs11/module.hpp"
#include "pkcs11/types.hpp"

namespace koshin::pkcs11 {

struct EvpPkeyDeleter {
  void operator()(EVP_PKEY* key) const noexcept;
};
using EvpPkey = std::unique_ptr<EVP_PKEY, EvpPkeyDeleter>;

enum class Access { read_only, read_write };
enum class User { user, security_officer };

/// A PIN as it is given to a token: never copied, never kept. The memory stays the caller's.
using PinView = std::span<const char>;
/// Gives a PIN for as long as the function it is passed to runs. Used where a token asks again for each
/// signature (CKA_ALWAYS_AUTHENTICATE).
using PinSource = std::function<void(const std::function<void(PinView)>&)>;

/// An open session. Logging in is per token and application; the session logs out only what it logged in
/// itself.
class Session {
 public:
  static std::unique_ptr<Session> open(std::shared_ptr<Module> module, std::uint64_t slot, Access access);
  virtual ~Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// C_Login, exactly once, whatever it answers. With an empty view on a token with a protected
  /// authentication path the PIN is typed on the reader. CKR_USER_ALREADY_LOGGED_IN counts as success.
  virtual void login(User user, PinView pin) = 0;
  virtual void logout() = 0;
  /// One C_GetSessionInfo: whether anybody is logged in.
  virtual bool logged_in() = 0;
  /// For keys with CKA_ALWAYS_AUTHENTICATE: where the PIN of the context-specific login comes from. Unset on
  /// a token with a protected authentication path: the reader asks.
  virtual void set_context_pin(PinSource source) = 0;

  /// Every certificate (X.509), public and private key object visible now: one search, then one
  /// C_GetAttributeValue for each object. Once logged in, a certificate takes a second one: nothing that
  /// could be a private key is ever asked for CKA_VALUE.
  virtual std::vector<TokenObject> objects() = 0;
  /// The same for objects with this CKA_ID only. A module that does not search by CKA_ID is asked for all.
  virtual std::vector<TokenObject> objects_with_id(ByteView id) = 0;

  /// Whether an object has neither name nor content: no CKA_ID, no label, no subject, and for a certificate
  /// no value, for a key nothing of the public key, nor the word that it was made on the token. Some tokens
  /// make an object first and fill it afterwards; a call that is cut off in between leaves one. One
  /// C_GetAttributeValue.
  virtual bool is_blank(const TokenObject& object) = 0;

  /// One C_GetMechanismList, and one C_GetMechanismInfo for each way of making keys it names.
  virtual MechanismSupport mechanisms() = 0;

  /// C_GenerateKeyPair with CKA_TOKEN, CKA_PRIVATE, CKA_SENSITIVE, not CKA_EXTRACTABLE, CKA_SIGN; reads the
  /// public key, the origin and whether the key may sign back. A module that refuses one of these attributes
  /// is asked again with fewer of them, down to CKA_TOKEN and CKA_ID, and keys that a refused call has left
  /// under `id` are destroyed: no other key may have it.
  virtual GeneratedKeyPair generate_key_pair(KeyAlgorithm algorithm, ByteView id,
                                             const std::string& label) = 0;
  /// CKA_LOCAL, CKA_NEVER_EXTRACTABLE, CKA_ALWAYS_SENSITIVE of a private key, as far as the module knows
  /// them.
  virtual KeyOrigin key_origin(const TokenObject& private_key) = 0;
  /// C_CreateObject of an X.509 certificate with CKA_ID, CKA_LABEL, CKA_SUBJECT, CKA_ISSUER,
  /// CKA_SERIAL_NUMBER taken from `der`. A module that refuses one of these attributes is asked again with
  /// fewer of them; a certificate without content, or a copy of this one, that a refused call has left under
  /// `id` is destroyed. Returns the object as it would be found.
  virtual TokenObject write_certificate(ByteView der, ByteView id, const std::string& label) = 0;
  /// C_DestroyObject.
  virtual void destroy(const TokenObject& object) = 0;

  /// The private key for use by OpenSSL (signatures, TLS): made by libp11 where it is available, fed with
  /// what is already known, so that no object is searched again. `public_key` is its DER
  /// SubjectPublicKeyInfo. The session must outlive the key.
  virtual EvpPkey evp_private_key(const TokenObject& private_key, ByteView public_key) = 0;
  /// Why the last signature inside OpenSSL failed (a pkcs11::Error, say), which OpenSSL itself cannot tell;
  /// null when none has failed since the last time somebody asked.
  virtual std::exception_ptr take_signing_failure() { return nullptr; }

 protected:
  Session() = default;
};

}  // namespace koshin::pkcs11
