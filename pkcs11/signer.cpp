// SPDX-License-Identifier: MIT
// C_SignInit, a context-specific C_Login where required, C_Sign.
#include "pkcs11/signer.hpp"

#include <openssl/objects.h>

#include <array>

namespace koshin::pkcs11 {
namespace {

struct Hash {
  int nid;
  CK_MECHANISM_TYPE mechanism;
  CK_ULONG mask;
};
constexpr std::array hashes{
    Hash{NID_sha1, CKM_SHA_1, CKG_MGF1_SHA1}, Hash{NID_sha224, CKM_SHA224, CKG_MGF1_SHA224},
    Hash{NID_sha256, CKM_SHA256, CKG_MGF1_SHA256}, Hash{NID_sha384, CKM_SHA384, CKG_MGF1_SHA384},
    Hash{NID_sha512, CKM_SHA512, CKG_MGF1_SHA512}};

const Hash& hash_of(int nid) {
  for (const Hash& hash : hashes) {
    if (hash.nid == nid) return hash;
  }
  throw Error(CKR_MECHANISM_PARAM_INVALID, "C_SignInit");
}

CK_MECHANISM_TYPE mechanism_of(SignatureRequest::Scheme scheme) {
  switch (scheme) {
    case SignatureRequest::Scheme::rsa_pkcs1:
      return CKM_RSA_PKCS;
    case SignatureRequest::Scheme::rsa_raw:
      return CKM_RSA_X_509;
    case SignatureRequest::Scheme::rsa_pss:
      return CKM_RSA_PKCS_PSS;
    case SignatureRequest::Scheme::ecdsa:
      return CKM_ECDSA;
  }
  return CKM_VENDOR_DEFINED;
}

void context_login(const FunctionTable& functions, CK_SESSION_HANDLE session, const PinSource& pin) {
  const auto login = [&](PinView view) {
    // Cryptoki takes a pointer to non-const and must not write to it.
    auto* text = reinterpret_cast<CK_UTF8CHAR*>(const_cast<char*>(view.data()));
    functions.call(KOSHIN_CK(C_Login), session, CKU_CONTEXT_SPECIFIC, view.empty() ? nullptr : text,
                   view.size());
  };
  if (pin) {
    pin(login);
  } else {
    login({});
  }
}

/// Ends an unfinished signature operation, so that the next C_SignInit does not fail with
/// CKR_OPERATION_ACTIVE. PKCS#11 2.x has no cancel; C_Sign ends the operation and must fail, since the key is
/// not unlocked. (SoftHSM leaves the operation open after a failed C_Login, and C_SignFinal does not end it.)
void end_operation(const FunctionTable& functions, CK_SESSION_HANDLE session) {
  std::array<CK_BYTE, 1> nothing{};
  Bytes unused(2048);
  CK_ULONG length = static_cast<CK_ULONG>(unused.size());
  functions.attempt(KOSHIN_CK(C_Sign), session, nothing.data(), nothing.size(), unused.data(), &length);
}

/// What modules answer for a card that was not touched: it says that a condition of the key's use is not met
/// (SW 6982), or that it has given up.
bool may_mean_untouched(CK_RV rv) {
  return rv == CKR_USER_NOT_LOGGED_IN || rv == CKR_FUNCTION_FAILED || rv == CKR_FUNCTION_CANCELED ||
         rv == CKR_FUNCTION_REJECTED || rv == CKR_GENERAL_ERROR;
}

/// C_Sign under the eyes of the observer. Cards wait 10 to 15 seconds for a touch; one whose key is not known
/// to ask for it may be slow for another reason.
CK_RV sign_watched(const FunctionTable& functions, const SigningKey& key, const SignatureRequest& request,
                   Bytes& signature, CK_ULONG& length, const SignatureObserver& observer) {
  constexpr std::chrono::seconds least_wait{1}, wait_of_unknown{5};
  SignatureWait wait(observer, key.id);
  const CK_RV rv =
      functions.attempt(KOSHIN_CK(C_Sign), key.session, const_cast<CK_BYTE*>(request.data.data()),
                        request.data.size(), signature.data(), &length);
  const auto elapsed = wait.elapsed();
  if (!wait.end() || !may_mean_untouched(rv)) return rv;
  const bool known = observer.patience(key.id) == std::chrono::milliseconds::zero();
  if (elapsed < (known ? least_wait : wait_of_unknown)) return rv;
  throw TouchMissed(rv, "C_Sign");
}

}  // namespace

Bytes sign(const FunctionTable& functions, const SigningKey& key, const SignatureRequest& request,
           const PinSource& pin, const SignatureObserver& observer) {
  CK_RSA_PKCS_PSS_PARAMS parameters{};
  CK_MECHANISM mechanism{mechanism_of(request.scheme), nullptr, 0};
  if (request.scheme == SignatureRequest::Scheme::rsa_pss) {
    parameters = {hash_of(request.digest).mechanism, hash_of(request.mask_digest).mask,
                  static_cast<CK_ULONG>(request.salt_length)};
    mechanism.pParameter = &parameters;
    mechanism.ulParameterLen = sizeof parameters;
  }
  functions.call(KOSHIN_CK(C_SignInit), key.session, &mechanism, key.key);
  if (key.always_authenticate) {
    try {
      context_login(functions, key.session, pin);
    } catch (...) {
      end_operation(functions, key.session);
      throw;
    }
  }
  Bytes signature(2048);  // RSA-16384
  CK_ULONG length = static_cast<CK_ULONG>(signature.size());
  if (const CK_RV rv = sign_watched(functions, key, request, signature, length, observer); rv != CKR_OK)
    throw Error(rv, "C_Sign");
  if (length > signature.size()) throw Error(CKR_BUFFER_TOO_SMALL, "C_Sign");
  signature.resize(length);
  return signature;
}

}  // namespace koshin::pkcs11
