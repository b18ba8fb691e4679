// SPDX-License-Identifier: MIT
// A session with a token.
#include "pkcs11/session.hpp"

#include <algorithm>
#include <utility>

#include "pkcs11/certificate_object.hpp"
#include "pkcs11/decryption.hpp"
#include "pkcs11/function_table.hpp"
#include "pkcs11/key_generation.hpp"
#include "pkcs11/objects.hpp"
#include "pkcs11/private_key_bridge.hpp"
#include "pkcs11/public_key.hpp"
#include "pkcs11/signer.hpp"

namespace koshin::pkcs11 {
namespace {

class OpenSession final : public Session {
 public:
  OpenSession(std::shared_ptr<Module> module, CK_SLOT_ID slot, CK_SESSION_HANDLE handle)
      : module_(std::move(module)), functions_(module_->functions()), slot_(slot), handle_(handle) {}
  ~OpenSession() override {
    if (logged_in_here_) {
      functions_.attempt(KOSHIN_CK(C_Logout), handle_);
      functions_.logins[slot_].done = false;
    }
    functions_.attempt(KOSHIN_CK(C_CloseSession), handle_);
  }
  OpenSession(const OpenSession&) = delete;
  OpenSession& operator=(const OpenSession&) = delete;

  void login(User user, PinView pin) override;
  void logout() override;
  void set_pin(PinView old_pin, PinView new_pin) override;
  void init_pin(PinView new_pin) override;
  bool logged_in() override;
  void set_context_pin(PinSource source) override { context_pin_ = std::move(source); }
  void observe_signatures(SignatureObserver observer) override { observer_ = std::move(observer); }
  std::vector<TokenObject> objects() override { return reader_.find_all(private_keys_visible()); }
  std::vector<TokenObject> objects_with_id(ByteView id) override {
    return reader_.find(id, private_keys_visible());
  }
  ObjectList list() override { return reader_.list(); }
  std::vector<TokenObject> read_listed(const std::vector<std::uint64_t>& listed, bool certificates) override {
    return reader_.read_listed(listed, certificates);
  }
  std::optional<std::vector<std::uint64_t>> certificates_with_id(ByteView id) override {
    return reader_.certificates_with_id(id);
  }
  std::optional<std::vector<std::uint64_t>> certificates_with_subject(ByteView name) override {
    return reader_.certificates_with_subject(name);
  }
  bool is_blank(const TokenObject& object) override { return reader_.is_blank(object); }
  std::vector<std::uint64_t> objects_without_class() override { return reader_.without_class(); }
  MechanismSupport mechanisms() override { return mechanism_support(functions_, slot_); }
  GeneratedKeyPair generate_key_pair(KeyAlgorithm algorithm, ByteView id, const std::string& label,
                                     Place place, const KeyTraits& traits) override;
  Bytes decrypt(const TokenObject& private_key, ByteView encrypted) override {
    return decrypt_rsa(functions_, handle_, static_cast<CK_OBJECT_HANDLE>(private_key.handle), encrypted);
  }
  Bytes agree(const TokenObject& private_key, ByteView point, std::size_t size) override {
    return agree_ecdh(functions_, handle_, static_cast<CK_OBJECT_HANDLE>(private_key.handle), point, size);
  }
  KeyOrigin key_origin(const TokenObject& private_key) override;
  TokenObject write_certificate(ByteView der, ByteView id, const std::string& label) override;
  void destroy(const TokenObject& object) override {
    functions_.call(KOSHIN_CK(C_DestroyObject), handle_, object.handle);
  }
  EvpPkey evp_private_key(const TokenObject& private_key, ByteView public_key) override;
  std::exception_ptr take_signing_failure() override { return std::exchange(signing_failure_, nullptr); }

 private:
  /// Destroys objects that a refused call has left: those with this CKA_ID that `is_remains` selects.
  template <class IsRemains>
  void clear_remains(ByteView id, IsRemains is_remains) {
    for (const TokenObject& object : objects_with_id(id)) {
      if (is_remains(object)) destroy(object);
    }
  }
  bool private_keys_visible() const { return !functions_.logins[slot_].hides_private_objects(); }

  std::shared_ptr<Module> module_;
  FunctionTable& functions_;
  CK_SLOT_ID slot_;
  CK_SESSION_HANDLE handle_;
  ObjectReader reader_{functions_, handle_};
  bool logged_in_here_ = false;
  PinSource context_pin_;
  SignatureObserver observer_;
  std::exception_ptr signing_failure_;
};

/// Null for a PIN that is typed on the reader. Cryptoki takes a pointer to non-const and must not write to
/// it.
CK_UTF8CHAR* text_of(PinView pin) {
  return pin.empty() ? nullptr : reinterpret_cast<CK_UTF8CHAR*>(const_cast<char*>(pin.data()));
}

void OpenSession::login(User user, PinView pin) {
  const CK_USER_TYPE type = user == User::user ? CKU_USER : CKU_SO;
  const CK_RV rv = functions_.attempt(KOSHIN_CK(C_Login), handle_, type, text_of(pin), pin.size());
  if (rv != CKR_OK && rv != CKR_USER_ALREADY_LOGGED_IN) throw Error(rv, "C_Login");
  functions_.logins[slot_].done = true;
  logged_in_here_ = rv == CKR_OK;
}

void OpenSession::logout() {
  functions_.logins[slot_].done = false;
  logged_in_here_ = false;
  functions_.call(KOSHIN_CK(C_Logout), handle_);
}

void OpenSession::set_pin(PinView old_pin, PinView new_pin) {
  const auto set = [&] {
    functions_.call(KOSHIN_CK(C_SetPIN), handle_, text_of(old_pin), old_pin.size(), text_of(new_pin),
                    new_pin.size());
  };
  try {
    set();
  } catch (const Error& error) {
    if (error.code().value() != static_cast<int>(CKR_USER_NOT_LOGGED_IN)) throw;
    login(User::user, old_pin);
    set();
  }
}

void OpenSession::init_pin(PinView new_pin) {
  functions_.call(KOSHIN_CK(C_InitPIN), handle_, text_of(new_pin), new_pin.size());
}

bool OpenSession::logged_in() {
  CK_SESSION_INFO info{};
  functions_.call(KOSHIN_CK(C_GetSessionInfo), handle_, &info);
  return info.state == CKS_RO_USER_FUNCTIONS || info.state == CKS_RW_USER_FUNCTIONS ||
         info.state == CKS_RW_SO_FUNCTIONS;
}

GeneratedKeyPair OpenSession::generate_key_pair(KeyAlgorithm algorithm, ByteView id, const std::string& label,
                                                Place place, const KeyTraits& traits) {
  const auto clear = [&] {
    if (place == Place::occupied) return;
    clear_remains(id, [](const TokenObject& object) {
      return object.object_class == ObjectClass::public_key ||
             object.object_class == ObjectClass::private_key;
    });
  };
  const KeyPairHandles handles = generate_pair(functions_, handle_, {algorithm, id, label, traits}, clear);
  GeneratedKeyPair pair;
  pair.public_key = reader_.read_public_key(handles.public_key);
  pair.private_key = reader_.read_private_key(handles.private_key, pair.origin);
  pair.private_key.public_key = pair.public_key.public_key;
  return pair;
}

KeyOrigin OpenSession::key_origin(const TokenObject& private_key) {
  KeyOrigin origin;
  reader_.read_private_key(static_cast<CK_OBJECT_HANDLE>(private_key.handle), origin);
  return origin;
}

TokenObject OpenSession::write_certificate(ByteView der, ByteView id, const std::string& label) {
  TokenObject object;
  const auto clear = [&] {
    clear_remains(id, [&](const TokenObject& remains) {
      if (remains.object_class != ObjectClass::certificate) return false;
      const Bytes& value = remains.certificate;
      // An unreadable object may belong to another program; such an object has a label of its own.
      if (value.empty()) return remains.label.empty() || remains.label == label;
      return std::equal(value.begin(), value.end(), der.begin(), der.end());
    });
  };
  object.handle = create_certificate_object(functions_, handle_, der, id, label, clear);
  object.object_class = ObjectClass::certificate;
  object.id.assign(id.begin(), id.end());
  object.label = label;
  object.certificate.assign(der.begin(), der.end());
  object.public_key = public_key_of_certificate(der);
  return object;
}

EvpPkey OpenSession::evp_private_key(const TokenObject& private_key, ByteView public_key) {
  const SigningKey key{handle_, static_cast<CK_OBJECT_HANDLE>(private_key.handle),
                       private_key.always_authenticate, private_key.id};
  return make_private_key(default_bridge(), public_key, [this, key](const SignatureRequest& request) {
    try {
      return sign(functions_, key, request, context_pin_, observer_);
    } catch (...) {
      signing_failure_ = std::current_exception();
      throw;
    }
  });
}

}  // namespace

std::unique_ptr<Session> Session::open(std::shared_ptr<Module> module, std::uint64_t slot, Access access) {
  FunctionTable& functions = module->functions();
  CK_SESSION_HANDLE handle = CK_INVALID_HANDLE;
  const CK_FLAGS flags = CKF_SERIAL_SESSION | (access == Access::read_write ? CKF_RW_SESSION : 0);
  functions.call(KOSHIN_CK(C_OpenSession), slot, flags, nullptr, nullptr, &handle);
  return std::make_unique<OpenSession>(std::move(module), slot, handle);
}

}  // namespace koshin::pkcs11
