// SPDX-License-Identifier: MIT
#include "renewal/steps/key_proof.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>

#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/log/log.hpp"
#include "pkcs11/error.hpp"
#include "renewal/policy/renewed_purposes.hpp"
#include "renewal/token/certificate_purpose.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/token_objects.hpp"

namespace koshin::renewal {
namespace {

using KeyContext = enrollment::OpensslHandle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = enrollment::OpensslHandle<EVP_MD_CTX, EVP_MD_CTX_free>;
using Key = enrollment::OpensslHandle<EVP_PKEY, EVP_PKEY_free>;

void expect(bool done, const char* what) {
  if (!done)
    fail(Reason::internal_error,
         std::string("trying the new key, ") + what + ": " + enrollment::openssl_errors());
}

Bytes random_bytes() {
  Bytes bytes(32);
  expect(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "random numbers");
  return bytes;
}

[[noreturn]] void mismatch(const char* what) {
  fail(Reason::readback_mismatch, std::string("the new key on the token ") + what);
}

Bytes signature_of(const Bytes& data, EVP_PKEY* key) {
  const DigestContext context(EVP_MD_CTX_new());
  std::size_t size = 0;
  expect(context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
             EVP_DigestSign(context.get(), nullptr, &size, data.data(), data.size()) == 1,
         "the signature");
  Bytes signature(size);
  expect(EVP_DigestSign(context.get(), signature.data(), &size, data.data(), data.size()) == 1,
         "the signature");
  signature.resize(size);
  return signature;
}

bool verifies_signature_of(EVP_PKEY* certified, EVP_PKEY* key) {
  const Bytes data = random_bytes();
  const Bytes signature = signature_of(data, key);
  const DigestContext context(EVP_MD_CTX_new());
  expect(context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, certified) == 1,
         "the verification");
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), data.data(), data.size()) == 1;
}

void check_rsa(pkcs11::Session& session, const pkcs11::TokenObject& object, EVP_PKEY* certified) {
  const Bytes message = random_bytes();
  const KeyContext context(EVP_PKEY_CTX_new(certified, nullptr));
  std::size_t size = 0;
  expect(context && EVP_PKEY_encrypt_init(context.get()) == 1 &&
             EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
             EVP_PKEY_encrypt(context.get(), nullptr, &size, message.data(), message.size()) == 1,
         "the encryption");
  Bytes encrypted(size);
  expect(EVP_PKEY_encrypt(context.get(), encrypted.data(), &size, message.data(), message.size()) == 1,
         "the encryption");
  encrypted.resize(size);
  if (session.decrypt(object, encrypted) != message)
    mismatch("does not decrypt what was encrypted for the new certificate");
}

Key key_beside(EVP_PKEY* certified) {
  const KeyContext context(EVP_PKEY_CTX_new(certified, nullptr));
  EVP_PKEY* made = nullptr;
  expect(context && EVP_PKEY_keygen_init(context.get()) == 1 && EVP_PKEY_keygen(context.get(), &made) == 1,
         "another key");
  return Key(made);
}

Bytes point_of(EVP_PKEY* key) {
  std::size_t size = 0;
  expect(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, nullptr, 0, &size) == 1, "the point");
  Bytes point(size);
  expect(
      EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size) == 1,
      "the point");
  point.resize(size);
  return point;
}

void check_ecdh(pkcs11::Session& session, const pkcs11::TokenObject& object, EVP_PKEY* certified) {
  const Key other = key_beside(certified);
  const KeyContext context(EVP_PKEY_CTX_new(other.get(), nullptr));
  std::size_t size = 0;
  expect(context && EVP_PKEY_derive_init(context.get()) == 1 &&
             EVP_PKEY_derive_set_peer(context.get(), certified) == 1 &&
             EVP_PKEY_derive(context.get(), nullptr, &size) == 1,
         "the agreement");
  Bytes agreed(size);
  expect(EVP_PKEY_derive(context.get(), agreed.data(), &size) == 1, "the agreement");
  agreed.resize(size);
  if (session.agree(object, point_of(other.get()), agreed.size()) != agreed)
    mismatch("does not agree on the secret that the new certificate's key would");
}

/// Whether the key was shown to decrypt; false where that could not be tried. That key and certificate belong
/// together is shown already, so that only a wrong result is a failure: a renewal that a module's error ended
/// here would end here each time.
bool was_shown_to_decrypt(const Workspace& work, EVP_PKEY* certified) {
  const pkcs11::TokenObject* object = find_private_key(work.token, work.record.key_id);
  if (object == nullptr) fail(Reason::key_not_found, "the new private key is not on the token any more");
  if (object->always_authenticate) return false;  // the PIN is given for signatures alone
  try {
    if (EVP_PKEY_is_a(certified, "RSA") == 1) {
      check_rsa(work.token.session(), *object, certified);
    } else {
      check_ecdh(work.token.session(), *object, certified);
    }
    return true;
  } catch (const pkcs11::Error& error) {
    if (!pkcs11::can_go_on_without(error)) throw;
    log::info(log::Event::none, "the new key was not tried for decryption: " + as_failure(error).detail);
    return false;
  }
}

}  // namespace

bool is_proved_by_key(messages::Purpose purpose) {
  return purpose != messages::Purpose::log_in && has_lineage(purpose);
}

bool signs_for(const enrollment::Certificate& certificate, EVP_PKEY* key) {
  return verifies_signature_of(X509_get0_pubkey(certificate.native()), key);
}

pkcs11::KeyUse use_of_next_key(const messages::CertificateReport& certificate) {
  const bool decrypting = is_proved_by_key(certificate.purpose) && certificate.decrypts;
  return decrypting ? pkcs11::KeyUse::decrypt : pkcs11::KeyUse::sign;
}

void prove_key(const Workspace& work, const enrollment::Certificate& certificate, EVP_PKEY* key) {
  EVP_PKEY* const certified = X509_get0_pubkey(certificate.native());
  if (!verifies_signature_of(certified, key))
    mismatch("makes signatures that the new certificate does not verify");
  if (!decrypts(certificate)) {
    work.context.emit(messages::NoticeEvent{
        "proved_by_signature", "The new key has made a signature that the new certificate verifies."});
  } else if (was_shown_to_decrypt(work, certified)) {
    work.context.emit(messages::NoticeEvent{
        "proved_by_decryption", "The new key has decrypted what was encrypted for the new certificate."});
  } else {
    work.context.emit(messages::NoticeEvent{
        "decryption_not_checked",
        "The new key signs for the new certificate; whether it decrypts could not be tried on this token. "
        "The old certificate stays."});
  }
}

}  // namespace koshin::renewal
