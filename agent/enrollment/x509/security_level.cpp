// SPDX-License-Identifier: MIT
// Queries a client's SSL_CTX, which has the level of OpenSSL's configuration (CipherString = …@SECLEVEL=N).
#include "enrollment/x509/security_level.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

using TlsContext = OpensslHandle<SSL_CTX, SSL_CTX_free>;

TlsContext make_context() {
  TlsContext context(SSL_CTX_new(TLS_client_method()));
  if (!context) fail(Reason::internal_error, "TLS: " + openssl_errors());
  return context;
}

std::string signature_of(const Certificate& certificate) {
  const int nid = X509_get_signature_nid(certificate.native());
  return nid == NID_undef ? "an algorithm that OpenSSL does not know" : OBJ_nid2sn(nid);
}

std::string in_words(int reason, const Certificate& certificate) {
  switch (reason) {
    case SSL_R_EE_KEY_TOO_SMALL:
    case SSL_R_CA_KEY_TOO_SMALL:
      return "its key is too short (" + certificate.key_algorithm() + ")";
    case SSL_R_CA_MD_TOO_WEAK:
      return "it is signed with " + signature_of(certificate);
    default:
      return {};
  }
}

}  // namespace

int security_level() {
  static const int level = SSL_CTX_get_security_level(make_context().get());
  return level;
}

std::string refused_by_level() {
  return "this computer's OpenSSL (security level " + std::to_string(security_level()) +
         ") does not use that";
}

std::string weakness_of(const Certificate& certificate) {
  ERR_clear_error();
  const TlsContext context = make_context();
  if (SSL_CTX_use_certificate(context.get(), certificate.native()) == 1) return {};
  const std::string words = in_words(ERR_GET_REASON(ERR_peek_last_error()), certificate);
  const std::string errors = openssl_errors();
  return (words.empty() ? "OpenSSL cannot log in with it (" + errors + ")" : words) + "; " +
         refused_by_level();
}

}  // namespace koshin::enrollment
