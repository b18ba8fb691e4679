// SPDX-License-Identifier: MIT
// Configuration of OpenSSL's SSL_CTX. Verification cannot be switched off.
#include "enrollment/http/tls_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <span>

#include "enrollment/http/base64.hpp"
#include "enrollment/http/client_chain.hpp"
#include "enrollment/http/system_anchors.hpp"
#include "enrollment/x509/chain.hpp"
#include "enrollment/x509/security_level.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::string_view cmc_registration_authority =
    "1.3.6.1.5.5.7.3.28";                  // id-kp-cmcRA, RFC 6402 section 2.10
constexpr std::size_t exporter_size = 32;  // RFC 9266 section 2
// The signature algorithms of a token without PSS and raw RSA in TLS 1.2; those of elliptic curves stay.
constexpr std::string_view pkcs1_signatures =
    "RSA+SHA256:RSA+SHA384:RSA+SHA512:ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512";

int own_data_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

/// Makes the trust store. Intermediate certificates among the explicit anchors are also added to the known CA
/// certificates.
X509Store make_store(TlsOptions& options) {
  X509Store store(X509_STORE_new());
  if (!store) fail(Reason::internal_error, "trust store: " + openssl_errors());
  if (options.trust_anchors.empty() && options.system_anchors.empty()) {
    add_system_anchors(store.get());
    return store;
  }
  const auto& file = options.trust_anchors.empty() ? options.system_anchors : options.trust_anchors;
  for (const auto& anchor : Certificate::from_pem_file(file.string())) {
    if (X509_STORE_add_cert(store.get(), anchor.native()) != 1)
      fail(Reason::internal_error, "trust store: " + openssl_errors());
    if (options.credential && !is_root(anchor)) options.credential->authorities.push_back(anchor);
  }
  // A configured anchor need not be a root: it is trusted for the certificates that it has issued.
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  return store;
}

/// The channel binding: tls-unique (RFC 5929), which is the client's Finished of a full handshake; in TLS 1.3
/// tls-exporter (RFC 9266).
std::string channel_binding_of(SSL* ssl) {
  if (SSL_version(ssl) >= TLS1_3_VERSION) {
    static constexpr std::string_view label = "EXPORTER-Channel-Binding";
    std::array<std::uint8_t, exporter_size> bytes{};
    const bool done = SSL_export_keying_material(ssl, bytes.data(), bytes.size(), label.data(), label.size(),
                                                 nullptr, 0, 0) == 1;
    return done ? to_base64(bytes) : std::string();
  }
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> finished{};
  const std::size_t size = SSL_get_finished(ssl, finished.data(), finished.size());
  return to_base64(std::span(finished).first(std::min(size, finished.size())));
}

}  // namespace

TlsClient::TlsClient(TlsOptions options) : options_(std::move(options)), store_(make_store(options_)) {}

void TlsClient::forget_connection() noexcept {
  status_.server_verified = status_.established = status_.certificate_requested = false;
  status_.verify_error = X509_V_OK;
  status_.alert = -1;
  status_.signature_type = 0;
  status_.verify_detail.clear();
  status_.setup_error.clear();
  status_.setup_reason = Reason::internal_error;
  status_.protocol.clear();
  status_.channel_binding.clear();
  connection_ = nullptr;
}

void TlsClient::learn(const std::vector<Certificate>& authorities) {
  if (!options_.credential) return;
  auto& known = options_.credential->authorities;
  known.insert(known.end(), authorities.begin(), authorities.end());
}

bool TlsClient::configure(SSL_CTX* context) noexcept try {
  forget_connection();
  ++status_.handshakes;
  ERR_clear_error();
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context, &TlsClient::verify_server, this);
  SSL_CTX_set1_cert_store(context, store_.get());
  SSL_CTX_set_info_callback(context, &TlsClient::on_progress);
  SSL_CTX_set_cert_cb(context, &TlsClient::on_certificate_request, this);
  SSL_CTX_set_keylog_callback(context, nullptr);  // switches off libcurl's SSLKEYLOGFILE
  SSL_CTX_set_post_handshake_auth(context, 1);
  // OpenSSL would add certificates from the trust anchors, up to the root.
  SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
  // An answer may end with the connection; a truncated one is detected by its form.
  SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
  const bool done = SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
                    SSL_CTX_set_ex_data(context, own_data_index(), this) == 1 &&
                    (!options_.credential || use_credential(context));
  if (!done) explain_setup_error();
  return done;
} catch (const std::exception& error) {
  status_.setup_error = error.what();
  return false;
}

/// These errors are local: a retry does not help.
void TlsClient::explain_setup_error() {
  status_.setup_error = openssl_errors();
  if (!options_.credential) return;
  status_.setup_reason = Reason::key_pair_mismatch;
  const std::string weakness = weakness_of(options_.credential->certificate);
  if (weakness.empty()) return;
  status_.setup_reason = Reason::certificate_too_weak;
  status_.setup_error = weakness;
}

bool TlsClient::use_credential(SSL_CTX* context) {
  const ClientCredential& credential = *options_.credential;
  if (SSL_CTX_use_certificate(context, credential.certificate.native()) != 1) return false;
  if (SSL_CTX_use_PrivateKey(context, credential.key) != 1) return false;
  if (credential.rsa_pss || EVP_PKEY_get_base_id(credential.key) != EVP_PKEY_RSA) return true;
  std::string signatures(pkcs1_signatures);  // the macro wants it mutable
  return SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION) == 1 &&
         SSL_CTX_set1_sigalgs_list(context, signatures.data()) == 1;
}

/// Called when the server has sent the names of its authorities.
void TlsClient::add_chain(SSL* ssl) const {
  const ClientCredential& credential = *options_.credential;
  SSL_clear_chain_certs(ssl);
  const auto chain = client_chain(credential.certificate, credential.authorities, options_.now(),
                                  SSL_get0_peer_CA_list(ssl));
  for (const auto& issuer : chain) {
    // A certificate that OpenSSL's security level refuses is omitted: the log-in does not depend on it.
    if (SSL_add1_chain_cert(ssl, issuer.native()) == 1) continue;
    ERR_clear_error();
    return;
  }
}

int TlsClient::on_certificate_request(SSL* ssl, void* self_pointer) noexcept try {
  auto& self = *static_cast<TlsClient*>(self_pointer);
  self.status_.certificate_requested = true;
  if (self.options_.credential && self.options_.show_chain) self.add_chain(ssl);
  return 1;
} catch (const std::exception&) {
  return 0;
}

int TlsClient::verify_server(X509_STORE_CTX* context, void* self_pointer) noexcept try {
  auto& self = *static_cast<TlsClient*>(self_pointer);
  if (X509_verify_cert(context) != 1 && !self.another_chain_leads(context)) {
    self.refuse_server(X509_STORE_CTX_get_error(context), X509_STORE_CTX_get_current_cert(context), nullptr);
    return 0;
  }
  X509* server = X509_STORE_CTX_get0_cert(context);
  if (!self.accept_name(server)) {
    X509_STORE_CTX_set_error(context, X509_V_ERR_HOSTNAME_MISMATCH);
    self.refuse_server(X509_V_ERR_HOSTNAME_MISMATCH, server, self.options_.host.c_str());
    return 0;
  }
  self.remember_shown(context);
  self.status_.server_verified = true;
  return 1;
} catch (const std::exception&) {
  X509_STORE_CTX_set_error(context, X509_V_ERR_OUT_OF_MEM);
  return 0;
}

/// OpenSSL tries one chain. With configured anchors all other chains are tried too.
bool TlsClient::another_chain_leads(X509_STORE_CTX* context) const {
  if (!explicit_anchors()) return false;
  ChainParts parts{Certificate::from_pem_file(options_.trust_anchors.string()), {}};
  const STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(context);
  for (int i = 0; i < sk_X509_num(sent); ++i)
    parts.intermediates.push_back(Certificate::from_der(to_der(sk_X509_value(sent, i), i2d_X509)));
  const auto server = Certificate::from_der(to_der(X509_STORE_CTX_get0_cert(context), i2d_X509));
  if (chain_trouble(server, parts, options_.now(), ChainOf::server)) return false;
  X509_STORE_CTX_set_error(context, X509_V_OK);
  return true;
}

void TlsClient::remember_shown(X509_STORE_CTX* context) {
  shown_.clear();
  const STACK_OF(X509)* sent = X509_STORE_CTX_get0_untrusted(context);
  for (int i = 0; i < sk_X509_num(sent); ++i) {
    X509* certificate = sk_X509_value(sent, i);
    X509_up_ref(certificate);
    shown_.emplace_back(certificate);
  }
}

std::vector<Certificate> TlsClient::shown_certificates() const {
  std::vector<Certificate> shown;
  for (const auto& certificate : shown_) {
    X509_up_ref(certificate.get());
    try {
      shown.push_back(Certificate::adopt(certificate.get()));
    } catch (const FailureError&) {
      continue;  // with invalid dates: of no use for a chain
    }
  }
  return shown;
}

bool TlsClient::accept_name(X509* server) const {
  const std::string& host = options_.host;
  const OctetString address(a2i_IPADDRESS(host.c_str()));
  ERR_clear_error();
  const int match = address ? X509_check_ip_asc(server, host.c_str(), 0)
                            : X509_check_host(server, host.data(), host.size(),
                                              X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr);
  if (match == 1) return true;
  if (!explicit_anchors() || !options_.role_counts) return false;
  // RFC 7030 section 3.6.1: with explicit anchors the authority may be identified by its role instead of its
  // name.
  const auto usages = Certificate::from_der(to_der(server, i2d_X509)).extended_key_usages();
  return std::ranges::find(usages, cmc_registration_authority) != usages.end();
}

void TlsClient::refuse_server(int error, const X509* certificate, const char* wanted_name) {
  status_.verify_error = error;
  status_.verify_detail = X509_verify_cert_error_string(error);
  if (certificate == nullptr) return;
  const Certificate culprit = Certificate::from_der(to_der(certificate, i2d_X509));
  status_.verify_detail += ": \"" + printable(culprit.subject(), 300) + "\", issued by \"" +
                           printable(culprit.issuer(), 300) + "\", valid from " +
                           to_rfc3339(culprit.not_before()) + " to " + to_rfc3339(culprit.not_after());
  if (error == X509_V_ERR_CERT_NOT_YET_VALID)
    status_.verify_detail += ", and this computer's clock says " + to_rfc3339(options_.now());
  if (wanted_name != nullptr) status_.verify_detail += std::string(", is not for \"") + wanted_name + "\"";
}

void TlsClient::on_progress(const SSL* ssl, int where, int value) noexcept try {
  auto* self = static_cast<TlsClient*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), own_data_index()));
  if (self == nullptr) return;
  if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && (value >> 8) == SSL3_AL_FATAL) {
    self->status_.alert = value & 0xFF;
    if (SSL_get_signature_type_nid(ssl, &self->status_.signature_type) != 1)
      self->status_.signature_type = NID_undef;
  }
  if ((where & SSL_CB_HANDSHAKE_DONE) != 0) {
    // The exporter's prototype is not const, although it modifies nothing.
    self->on_established(const_cast<SSL*>(ssl));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  }
} catch (const std::exception&) {
  // Out of memory: the binding stays empty, and a request that needs one is not made.
}

void TlsClient::answer_arrives() noexcept {
  if (connection_ == nullptr || !status_.certificate_requested || status_.signature_type != NID_undef) return;
  if (SSL_get_signature_type_nid(connection_, &status_.signature_type) != 1)
    status_.signature_type = NID_undef;
}

void TlsClient::on_established(SSL* ssl) {
  connection_ = ssl;
  status_.established = true;
  status_.protocol = SSL_get_version(ssl);
  if (SSL_get_signature_type_nid(ssl, &status_.signature_type) != 1) status_.signature_type = NID_undef;
  status_.channel_binding = channel_binding_of(ssl);
}

}  // namespace koshin::enrollment
