// SPDX-License-Identifier: MIT
// koshin's side of TLS: who is trusted, under which name, and what authenticates us. Sets up the SSL_CTX of
// each connection that libcurl makes and remembers what became of it. Internal to this module and its tests.
#pragma once

#include <openssl/types.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "enrollment/http/credential.hpp"
#include "enrollment/x509/openssl_handles.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

struct TlsOptions {
  std::string host;  ///< DNS name or IP address (no brackets) that the server's certificate must be for
  std::optional<ClientCredential> credential;
  /// PEM file of the explicit trust anchors; empty: the system's, the implicit ones (RFC 7030 section 3.6).
  std::filesystem::path trust_anchors;
  /// PEM file that stands for the system's store; empty: where OpenSSL was built to look, whatever
  /// SSL_CERT_FILE and SSL_CERT_DIR say.
  std::filesystem::path system_anchors = {};
  bool role_counts = true;       ///< explicit anchors accept id-kp-cmcRA in place of the name
  bool show_chain = true;        ///< show the known issuers of our certificate beside it, short of the root
  WallClock now = current_time;  ///< the job's
};

/// The newest connection, as far as it came.
struct TlsStatus {
  unsigned handshakes = 0;             ///< connections begun so far
  bool server_verified = false;        ///< the server's certificate was accepted
  bool established = false;            ///< the handshake is complete
  bool certificate_requested = false;  ///< the server asked for a client certificate
  int verify_error = 0;                ///< X509_V_ERR_* that ended it
  std::string verify_detail;           ///< which certificate, what is wrong with it
  int alert = -1;                      ///< TLS alert (RFC 8446 section 6) that the server ended it with
  std::string setup_error;             ///< why our own side could not be set up
  Reason setup_reason = Reason::internal_error;  ///< and what that is called
  std::string protocol;                          ///< "TLSv1.3"
  int signature_type = 0;                        ///< EVP_PKEY_* type of our signature; 0 when we made none
  CertificateUse certificate_use() const {
    if (!certificate_requested) return CertificateUse::not_asked;
    return signature_type == 0 ? CertificateUse::not_shown : CertificateUse::used;
  }
  std::string channel_binding;  ///< base64 of tls-unique, or of tls-exporter on TLS 1.3 (RFC 9266)
};

class TlsClient {
 public:
  /// Throws FailureError{settings_invalid} when the trust anchors cannot be read.
  explicit TlsClient(TlsOptions options);
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  /// Makes a fresh SSL_CTX ours: TLS 1.2 or later, certificate and name verified, no session resumption.
  /// False with status().setup_error when that is not possible. The TlsClient must outlive the context's
  /// connections.
  bool configure(SSL_CTX* context) noexcept;
  bool explicit_anchors() const { return !options_.trust_anchors.empty(); }
  /// More certificates of authorities, for the chains that later connections show.
  void learn(const std::vector<Certificate>& authorities);
  const TlsStatus& status() const { return status_; }
  /// What the last server that was verified showed for itself: its certificate first, then whatever else it
  /// sent.
  std::vector<Certificate> shown_certificates() const;
  /// An answer arrives. OpenSSL does not say when a handshake after the handshake is over (RFC 8446 section
  /// 4.6.2), so the connection is looked at once more.
  void answer_arrives() noexcept;
  /// A new connection is being opened, or the last one is of no more use.
  void forget_connection() noexcept;

 private:
  static int verify_server(X509_STORE_CTX* context, void* self) noexcept;
  static int on_certificate_request(SSL* ssl, void* self) noexcept;
  static void on_progress(const SSL* ssl, int where, int value) noexcept;
  bool use_credential(SSL_CTX* context);
  void explain_setup_error();
  void add_chain(SSL* ssl) const;
  bool accept_name(X509* server) const;
  bool another_chain_leads(X509_STORE_CTX* context) const;
  void remember_shown(X509_STORE_CTX* context);
  void refuse_server(int error, const X509* certificate, const char* note);
  void on_established(SSL* ssl);

  TlsOptions options_;
  X509Store store_;
  TlsStatus status_;
  std::vector<pkcs11::X509Handle> shown_;
  SSL* connection_ = nullptr;  ///< the newest one that was established, as long as it is in use
};

}  // namespace koshin::enrollment
