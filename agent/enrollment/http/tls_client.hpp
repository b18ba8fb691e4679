// SPDX-License-Identifier: MIT
// koshin's TLS configuration: trust anchors, server name and client authentication. Configures the SSL_CTX of
// each connection that libcurl opens and records the result. Internal to this module and its tests.
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
  /// PEM file of the explicit trust anchors (RFC 7030 section 3.6); empty: the system's, as implicit ones.
  std::filesystem::path trust_anchors;
  /// PEM file instead of the system's store (system_anchors.hpp).
  std::filesystem::path system_anchors = {};
  bool role_counts = true;       ///< with explicit anchors, id-kp-cmcRA is accepted instead of the name
  bool show_chain = true;        ///< send the known issuers of the client certificate, without the root
  WallClock now = current_time;  ///< the job's
};

/// The state of the newest connection.
struct TlsStatus {
  unsigned handshakes = 0;                       ///< number of connections begun
  bool server_verified = false;                  ///< the server's certificate was accepted
  bool established = false;                      ///< the handshake is complete
  bool certificate_requested = false;            ///< the server asked for a client certificate
  int verify_error = 0;                          ///< X509_V_ERR_* that ended the connection
  std::string verify_detail;                     ///< the certificate and its error
  int alert = -1;                                ///< the server's TLS alert (RFC 8446 section 6); -1: none
  std::string setup_error;                       ///< error of the local configuration
  Reason setup_reason = Reason::internal_error;  ///< reason of `setup_error`
  std::string protocol;                          ///< "TLSv1.3"
  int signature_type = 0;  ///< EVP_PKEY_* type of the client's signature; 0: none was made
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

  /// Configures a new SSL_CTX: TLS 1.2 or later, certificate and name verified, no session resumption.
  /// Returns false with status().setup_error on failure. The TlsClient must outlive the context's
  /// connections.
  bool configure(SSL_CTX* context) noexcept;
  bool explicit_anchors() const { return !options_.trust_anchors.empty(); }
  /// Adds CA certificates for the chains of later connections.
  void learn(const std::vector<Certificate>& authorities);
  const TlsStatus& status() const { return status_; }
  /// The certificates of the last verified server: its own first, then the others in its handshake.
  std::vector<Certificate> shown_certificates() const;
  /// To be called when an answer arrives. OpenSSL does not report the end of a post-handshake authentication
  /// (RFC 8446 section 4.6.2), so the connection is examined again.
  void answer_arrives() noexcept;
  /// To be called when a new connection is opened, or the last one is not used any more.
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
  SSL* connection_ = nullptr;  ///< the newest established connection while it is in use
};

}  // namespace koshin::enrollment
