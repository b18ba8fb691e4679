// SPDX-License-Identifier: MIT
// Classification of failed transfers: first by the state of the TLS connection, then by the proxy
// (proxy_failure.cpp), then by libcurl's code.
#include "enrollment/http/transfer_failure.hpp"

#include "enrollment/http/transfer_end.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

namespace koshin::enrollment {

namespace {

/// Alerts about the client certificate (RFC 8446 section 6.2).
bool refuses_our_certificate(int alert) {
  static constexpr std::array about_certificates{SSL_AD_BAD_CERTIFICATE,     SSL_AD_UNSUPPORTED_CERTIFICATE,
                                                 SSL_AD_CERTIFICATE_REVOKED, SSL_AD_CERTIFICATE_EXPIRED,
                                                 SSL_AD_CERTIFICATE_UNKNOWN, SSL_AD_UNKNOWN_CA,
                                                 SSL_AD_ACCESS_DENIED,       SSL_AD_CERTIFICATE_REQUIRED};
  return std::ranges::find(about_certificates, alert) != about_certificates.end();
}

/// The server requires a certificate and got none: TLS 1.2 has no specific alert for that.
bool misses_certificate(const TlsStatus& tls) {
  const CertificateUse use = tls.certificate_use();
  return (use != CertificateUse::used && tls.alert == SSL_AD_CERTIFICATE_REQUIRED) ||
         (use == CertificateUse::not_shown && tls.alert == SSL_AD_HANDSHAKE_FAILURE);
}

std::optional<TransferError> tls_end(const TransferEnd& end, const TlsStatus& tls) {
  if (!tls.setup_error.empty()) {
    return ended(tls.setup_reason, end,
                 "TLS cannot be set up with this certificate and key: " + tls.setup_error);
  }
  if (tls.verify_error != X509_V_OK) {
    const Reason reason = reason_of_verify_error(tls.verify_error);
    const bool inspected = reason == Reason::authority_untrusted && !end.proxy.empty();
    return ended(reason, end,
                 tls.verify_detail + (inspected ? "; the proxy " + end.proxy +
                                                      " may be inspecting TLS: have the authority exempted"
                                                : ""));
  }
  if (tls.alert < 0) return std::nullopt;
  const std::string alert =
      "the server ended TLS with the alert \"" + std::string(SSL_alert_desc_string_long(tls.alert)) + "\"";
  if (misses_certificate(tls)) {
    return ended(Reason::authority_authentication_failed, end,
                 alert + ": it wants a client certificate, and none was shown");
  }
  if (tls.certificate_requested && refuses_our_certificate(tls.alert)) {
    return ended(Reason::authority_authentication_failed, end,
                 alert + (tls.alert == SSL_AD_CERTIFICATE_EXPIRED
                              ? ": for it the certificate shown to it has expired"
                              : ": it does not accept the certificate shown to it"));
  }
  // TLS 1.2 has one alert for all incompatibilities; before a certificate request it cannot be about the
  // certificate.
  const bool no_offer_fits = tls.alert == SSL_AD_HANDSHAKE_FAILURE && !tls.certificate_requested;
  const bool for_good = nothing_in_common(tls.alert) || no_offer_fits;
  return ended(for_good ? Reason::tls_impossible : Reason::tls_failed, end, alert + " (" + end.text + ")");
}

/// In TLS 1.3 the server receives the client certificate after the client considers the handshake complete. A
/// server that then closes without an alert, or whose alert was overtaken by the close, looks like a network
/// failure: the detail mentions this.
std::string hint_about_certificate(const TransferEnd& end, const TlsStatus& tls) {
  const bool just_shown =
      end.new_connection && tls.established && tls.certificate_requested && tls.protocol == "TLSv1.3";
  return just_shown ? "; it ended right after our certificate was shown, which the server may not accept"
                    : "";
}

/// An incomplete answer: the server has processed the request.
bool is_cut_short(const TransferEnd& end) {
  constexpr long first_final_status = 200;
  return end.code == CURLE_PARTIAL_FILE || (end.code == CURLE_RECV_ERROR && end.status >= first_final_status);
}

TransferError cut_short(const TransferEnd& end) {
  const std::string bytes =
      std::to_string(end.answer_bytes) +
      (end.answer_length.empty() ? " bytes, before its end" : " of " + end.answer_length + " bytes");
  return ended(Reason::authority_response_invalid, end,
               "the answer ended after " + bytes + " (" + end.text + ")", !end.posted);
}

/// OpenSSL's security level refused a client certificate that was to be sent; the server's certificates were
/// accepted before.
bool own_rules_broke_handshake(const std::string& text) {
  for (const char* sign : {"ca md too weak", "ca key too small", "ee key too small"}) {
    if (text.find(sign) != std::string::npos) return true;
  }
  return false;
}

/// The permanent error in OpenSSL's message; empty for others.
std::string what_answers_there(const std::string& text) {
  for (const char* sign :
       {"wrong version number", "packet length too long", "http request", "bad record type"}) {
    if (text.find(sign) != std::string::npos)
      return "what answers there does not speak TLS (plain HTTP, mail, or a page of something in between?): ";
  }
  for (const char* sign : {"unsupported protocol", "wrong ssl version", "no protocols available"}) {
    if (text.find(sign) != std::string::npos) return "the server speaks versions of TLS before 1.2 only: ";
  }
  return {};
}

/// A handshake interrupted by the network, as opposed to a failed one.
bool network_broke_handshake(const std::string& text) {
  for (const char* sign : {"SSL_ERROR_SYSCALL", "onnection reset", "roken pipe", "unexpected eof"}) {
    if (text.find(sign) != std::string::npos) return true;
  }
  return false;
}

/// libcurl limits the length of a header line. Up to 8.6 it reports CURLE_OUT_OF_MEMORY, which is implausible
/// on a new connection; later CURLE_TOO_LARGE (100), or a receive error with a message.
bool is_too_large(const TransferEnd& end) {
  constexpr int too_large = 100;
  const int code = end.code;
  return code == too_large || (code == CURLE_OUT_OF_MEMORY && end.answer_began) ||
         end.text.find("Too large response headers") != std::string::npos;
}

TransferError classified(const TransferEnd& end, const TlsStatus& tls, const TlsStatus* proxy_tls) {
  if (proxy_tls != nullptr) {
    if (auto known = proxy_tls_end(end, *proxy_tls)) return *std::move(known);
  }
  if (auto known = tls_end(end, tls)) return *std::move(known);
  if (auto known = proxy_end(end)) return *std::move(known);
  if (end.repeated) {
    return ended(Reason::authority_unreachable, end,
                 "the kept connection was lost with the request; whether it arrived is not known", true);
  }
  if (is_too_large(end)) {
    return ended(Reason::authority_response_too_large, end,
                 "a header line of the answer does not come to an end: " + end.text);
  }
  if (is_cut_short(end)) return cut_short(end);
  switch (end.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      return ended(Reason::authority_unreachable, end, end.text + hint_about_certificate(end, tls), true);
    case CURLE_OPERATION_TIMEDOUT:
      return ended(Reason::authority_timeout, end, end.text, true);
    case CURLE_SSL_CONNECT_ERROR:
      if (own_rules_broke_handshake(end.text)) return ended(Reason::certificate_too_weak, end, end.text);
      if (network_broke_handshake(end.text)) return ended(Reason::authority_unreachable, end, end.text, true);
      return ended(nothing_in_common(end.text) ? Reason::tls_impossible : Reason::tls_failed, end,
                   what_answers_there(end.text) + end.text);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_HTTP2:
      return ended(Reason::authority_response_invalid, end,
                   "no answer of HTTP/1.1 that can be read: " + end.text);
    case CURLE_BAD_CONTENT_ENCODING:
      return ended(Reason::authority_response_invalid, end,
                   "the answer is in the Content-Encoding \"" + end.encoding +
                       "\", which cannot be undone and was not asked for: " + end.text);
    case CURLE_PEER_FAILED_VERIFICATION:
      return ended(Reason::authority_untrusted, end, end.text);
    case CURLE_URL_MALFORMAT:
      return ended(Reason::settings_invalid, end, "libcurl cannot use this address: " + end.text);
    case CURLE_FAILED_INIT:
    case CURLE_OUT_OF_MEMORY:
    case CURLE_BAD_FUNCTION_ARGUMENT:
      return ended(Reason::internal_error, end, end.text + " (libcurl " + std::to_string(end.code) + ")");
    default:
      return ended(Reason::tls_failed, end, end.text + " (libcurl " + std::to_string(end.code) + ")");
  }
}

/// A proxy that has not answered CONNECT, or a server that cannot be reached without one.
bool is_blocked(Reason reason, const TransferEnd& end) {
  if (end.sent) return false;
  if (reason == Reason::authority_unreachable) return end.proxy.empty();
  return (reason == Reason::proxy_failed || reason == Reason::proxy_unusable) && end.connect_status == 0;
}

}  // namespace

TransferError classify_transfer(const TransferEnd& end, const TlsStatus& tls, const TlsStatus* proxy_tls) {
  TransferError error = classified(end, tls, proxy_tls);
  error.request_sent_ = end.sent;
  error.host_unknown_ = end.code == CURLE_COULDNT_RESOLVE_HOST;
  error.certificate_requested_ = tls.server_verified && tls.certificate_requested;
  error.way_is_blocked_ = is_blocked(error.failure().reason, end);
  error.certificate_missed_ = misses_certificate(tls);
  return error;
}

}  // namespace koshin::enrollment
