// SPDX-License-Identifier: MIT
#include "tls_pair.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

#include "token_fixture.hpp"

namespace koshin::pkcs11 {
namespace {

using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Connection = std::unique_ptr<SSL, decltype(&SSL_free)>;

int accept_any_certificate(int /*ok*/, X509_STORE_CTX* /*store*/) {
  return 1;
}

Context context(const SSL_METHOD* method, int version, EVP_PKEY* key, ByteView certificate) {
  Context made(SSL_CTX_new(method), SSL_CTX_free);
  SSL_CTX_set_min_proto_version(made.get(), version);
  SSL_CTX_set_max_proto_version(made.get(), version);
  SSL_CTX_use_certificate_ASN1(made.get(), static_cast<int>(certificate.size()), certificate.data());
  SSL_CTX_use_PrivateKey(made.get(), key);
  return made;
}

Context server_context(int version) {
  static const EvpPkey key = software_key();
  Context made = context(TLS_server_method(), version, key.get(),
                         certificate_for(public_key_info(key.get()), "localhost"));
  SSL_CTX_set_verify(made.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_any_certificate);
  return made;
}

std::string openssl_words() {
  std::string text;
  while (const unsigned long code = ERR_get_error())
    text += std::string(ERR_reason_error_string(code)) + "; ";
  return text;
}

/// Both ends take turns until both are done or one of them has failed.
bool talk(SSL* client, SSL* server) {
  for (int turn = 0; turn < 20; ++turn) {
    const int client_says = SSL_do_handshake(client);
    if (client_says != 1 && SSL_get_error(client, client_says) != SSL_ERROR_WANT_READ) return false;
    const int server_says = SSL_do_handshake(server);
    if (server_says != 1 && SSL_get_error(server, server_says) != SSL_ERROR_WANT_READ) return false;
    if (client_says == 1 && server_says == 1) return true;
  }
  return false;
}

}  // namespace

TlsOutcome handshake(EVP_PKEY* client_key, ByteView client_certificate, int version,
                     const std::string& signature_algorithms) {
  ERR_clear_error();
  const Context client_side = context(TLS_client_method(), version, client_key, client_certificate);
  const Context server_side = server_context(version);
  std::string algorithms = signature_algorithms;  // the macro casts const away
  if (!algorithms.empty()) SSL_CTX_set1_sigalgs_list(client_side.get(), algorithms.data());
  const Connection client(SSL_new(client_side.get()), SSL_free);
  const Connection server(SSL_new(server_side.get()), SSL_free);
  BIO* client_end = nullptr;
  BIO* server_end = nullptr;
  BIO_new_bio_pair(&client_end, 65536, &server_end, 65536);
  SSL_set_bio(client.get(), client_end, client_end);
  SSL_set_bio(server.get(), server_end, server_end);
  SSL_set_connect_state(client.get());
  SSL_set_accept_state(server.get());
  TlsOutcome outcome;
  outcome.finished = talk(client.get(), server.get());
  if (X509* seen = SSL_get0_peer_certificate(server.get()); seen != nullptr) {
    unsigned char* memory = nullptr;
    const int length = i2d_X509(seen, &memory);
    outcome.client_certificate.assign(memory, memory + length);
    OPENSSL_free(memory);
  }
  outcome.trouble = openssl_words();
  return outcome;
}

}  // namespace koshin::pkcs11
