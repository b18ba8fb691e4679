// SPDX-License-Identifier: MIT
// The classification of failed transfers. First what the TLS connection knows for certain, then the proxy,
// then libcurl.
#include "enrollment/http/transfer_failure.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

namespace koshin::enrollment {

namespace {

constexpr long proxy_authentication_required = 407;

TransferError ended(Reason reason, const TransferEnd& end, const std::string& text, bool again = false) {
  return {Failure{reason, printable(end.server + ": " + text), std::nullopt}, again};
}

Reason reason_of_verify_error(int error) {
  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return Reason::authority_name_mismatch;
    // Authorities do not put certificates to use before their time: it is the clock here that is behind.
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CRL_NOT_YET_VALID:
      return Reason::clock_wrong;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Reason::authority_certificate_expired;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return Reason::authority_certificate_too_weak;
    default:
      return Reason::authority_untrusted;
  }
}

/// Alerts that are about our certificate (RFC 8446 section 6.2).
bool refuses_our_certificate(int alert) {
  static constexpr std::array about_certificates{SSL_AD_BAD_CERTIFICATE,     SSL_AD_UNSUPPORTED_CERTIFICATE,
                                                 SSL_AD_CERTIFICATE_REVOKED, SSL_AD_CERTIFICATE_EXPIRED,
                                                 SSL_AD_CERTIFICATE_UNKNOWN, SSL_AD_UNKNOWN_CA,
                                                 SSL_AD_ACCESS_DENIED,       SSL_AD_CERTIFICATE_REQUIRED};
  return std::ranges::find(about_certificates, alert) != about_certificates.end();
}

/// Alerts and words of OpenSSL's by which both sides have nothing in common: no other try will change that.
bool nothing_in_common(int alert) {
  return alert == SSL_AD_PROTOCOL_VERSION || alert == SSL_AD_INSUFFICIENT_SECURITY ||
         alert == SSL_AD_UNRECOGNIZED_NAME || alert == SSL_AD_NO_APPLICATION_PROTOCOL;
}

bool nothing_in_common(std::string_view text) {
  // A port where plain HTTP is spoken shows as a "wrong version number".
  for (const char* sign :
       {"unsupported protocol", "wrong version number", "packet length too long", "bad record type",
        "no protocols available", "wrong ssl version", "no shared", "no suitable", "http request"}) {
    if (text.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

/// The server wants a certificate, and none was shown: TLS 1.2 has no alert of its own for that.
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
  // TLS 1.2 has one alert for all that does not fit; before a certificate was asked for, it was not that.
  const bool no_offer_fits = tls.alert == SSL_AD_HANDSHAKE_FAILURE && !tls.certificate_requested;
  const bool for_good = nothing_in_common(tls.alert) || no_offer_fits;
  return ended(for_good ? Reason::tls_impossible : Reason::tls_failed, end, alert + " (" + end.text + ")");
}

/// The setting that names the proxy, or what the settings say of it, is to blame: later is no better.
TransferError unusable_proxy(const TransferEnd& end, const std::string& text, bool again = false) {
  const std::string setting = end.proxy_setting.empty() ? "proxy.url" : end.proxy_setting;
  return ended(Reason::proxy_unusable, end, text + " (" + setting + " names this proxy)", again);
}

std::optional<TransferError> socks_end(const TransferEnd& end) {
  const std::string text = "SOCKS proxy " + end.proxy + ": " + end.text;
  switch (end.proxy_code) {
    case CURLPX_OK:
      return std::nullopt;
    case CURLPX_NO_AUTH:
    case CURLPX_USER_REJECTED:
    case CURLPX_LONG_USER:
    case CURLPX_LONG_PASSWD:
      return ended(Reason::proxy_authentication_failed, end, text);
    case CURLPX_REPLY_CONNECTION_REFUSED:
    case CURLPX_REPLY_HOST_UNREACHABLE:
    case CURLPX_REPLY_NETWORK_UNREACHABLE:
    case CURLPX_REPLY_TTL_EXPIRED:
      return ended(Reason::authority_unreachable, end, text, true);
    case CURLPX_REPLY_GENERAL_SERVER_FAILURE:
    case CURLPX_RECV_ADDRESS:
    case CURLPX_RECV_AUTH:
    case CURLPX_RECV_CONNECT:
    case CURLPX_RECV_REQACK:
    case CURLPX_SEND_AUTH:
    case CURLPX_SEND_CONNECT:
    case CURLPX_SEND_REQUEST:
    case CURLPX_CLOSED:
    case CURLPX_RESOLVE_HOST:
    case CURLPX_GSSAPI:
    case CURLPX_GSSAPI_PERMSG:
    case CURLPX_GSSAPI_PROTECTION:
    case CURLPX_UNKNOWN_FAIL:
      return ended(Reason::proxy_failed, end, text, true);
    default:  // it speaks something else, or does not let this pass
      return unusable_proxy(end, text);
  }
}

/// TLS with the proxy itself, before it is asked for anything.
std::optional<TransferError> proxy_tls_end(const TransferEnd& end, const TlsStatus& proxy) {
  const std::string who = "TLS with the proxy " + end.proxy + ": ";
  if (!proxy.setup_error.empty()) return ended(Reason::proxy_failed, end, who + proxy.setup_error);
  if (proxy.verify_error != X509_V_OK) {
    const std::string text = who + proxy.verify_detail;
    if (reason_of_verify_error(proxy.verify_error) == Reason::clock_wrong)
      return ended(Reason::clock_wrong, end, text);
    // A certificate that has expired is renewed there; anything else takes another setting here.
    if (reason_of_verify_error(proxy.verify_error) == Reason::authority_certificate_expired)
      return ended(Reason::proxy_failed, end, text);
    return unusable_proxy(end, text + ": proxy.trust_anchors says whom to trust there");
  }
  if (proxy.established || proxy.handshakes == 0) return std::nullopt;
  if (proxy.alert >= 0 ? nothing_in_common(proxy.alert) : nothing_in_common(end.text))
    return unusable_proxy(end, who + end.text);
  return ended(Reason::proxy_failed, end, who + end.text, end.code == CURLE_OPERATION_TIMEDOUT);
}

/// Proxies that let some ports pass only say no more than their status: squid as delivered lets 443 and 563.
std::string hint_about_port(const TransferEnd& end) {
  if (end.connect_status != 403 && end.connect_status != 405) return {};
  return end.server.ends_with(":443") ? ": it does not let this server pass"
                                      : ": it does not let this server or this port pass (many let 443 only)";
}

std::optional<TransferError> proxy_end(const TransferEnd& end) {
  if (end.code == CURLE_COULDNT_RESOLVE_PROXY) return unusable_proxy(end, end.text, true);
  if (end.connect_status == proxy_authentication_required) {
    return ended(Reason::proxy_authentication_failed, end,
                 "proxy " + end.proxy + " answered 407; " + end.proxy_login);
  }
  if (end.connect_status >= 300) {
    const std::string text = "proxy " + end.proxy + " answered CONNECT with status " +
                             std::to_string(end.connect_status) + hint_about_port(end) + end.proxy_words;
    const bool busy = end.connect_status == 408 || end.connect_status == 429;
    if (end.connect_status < 500 && !busy) return unusable_proxy(end, text);
    return ended(Reason::proxy_failed, end, text, end.connect_status >= 500);
  }
  if (end.code == CURLE_PROXY) return socks_end(end);
  // libcurl says whom it could not connect to in words only.
  const bool at_proxy = !end.proxy.empty() && end.text.find(end.proxy) != std::string::npos;
  if (at_proxy && (end.code == CURLE_COULDNT_CONNECT || end.code == CURLE_OPERATION_TIMEDOUT)) {
    if (is_wrong_address(end.code, end.os_error)) return unusable_proxy(end, end.text, true);
    return ended(Reason::proxy_failed, end, end.text, true);
  }
  if (end.at_connect) {
    return ended(Reason::proxy_failed, end,
                 "proxy " + end.proxy + " gave no answer of HTTP to CONNECT: " + end.text, true);
  }
  return std::nullopt;
}

/// In TLS 1.3 a server learns of our certificate after we hold the handshake for complete. One that then
/// closes without an alert, or whose alert was overtaken by the close, looks like a broken network: at least
/// say so.
std::string hint_about_certificate(const TransferEnd& end, const TlsStatus& tls) {
  const bool just_shown =
      end.new_connection && tls.established && tls.certificate_requested && tls.protocol == "TLSv1.3";
  return just_shown ? "; it ended right after our certificate was shown, which the server may not accept"
                    : "";
}

/// An answer that began and did not come to its end: what it began with, the server has done.
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

/// OpenSSL's own rules have stopped our side, at a certificate that was to be shown: what the server showed
/// has been judged by then.
bool own_rules_broke_handshake(const std::string& text) {
  for (const char* sign : {"ca md too weak", "ca key too small", "ee key too small"}) {
    if (text.find(sign) != std::string::npos) return true;
  }
  return false;
}

/// What OpenSSL's words mean that no later try will change; empty for any others.
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

/// A handshake that broke off because the network did, as opposed to one that failed.
bool network_broke_handshake(const std::string& text) {
  for (const char* sign : {"SSL_ERROR_SYSCALL", "onnection reset", "roken pipe", "unexpected eof"}) {
    if (text.find(sign) != std::string::npos) return true;
  }
  return false;
}

/// libcurl bounds a line of a header by itself. Until 8.6 it then said that there was no memory, which on a
/// connection that has just been made there is; after that CURLE_TOO_LARGE (100), or a receive error in
/// words.
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
    default:
      return ended(Reason::tls_failed, end, end.text + " (libcurl " + std::to_string(end.code) + ")");
  }
}

}  // namespace

bool is_wrong_address(CURLcode code, long os_error) {
  if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY) return true;
  return code == CURLE_COULDNT_CONNECT && os_error == ECONNREFUSED;
}

TransferError classify_transfer(const TransferEnd& end, const TlsStatus& tls, const TlsStatus* proxy_tls) {
  TransferError error = classified(end, tls, proxy_tls);
  error.request_sent_ = end.sent;
  error.host_unknown_ = end.code == CURLE_COULDNT_RESOLVE_HOST;
  error.certificate_requested_ = tls.server_verified && tls.certificate_requested;
  error.certificate_missed_ = misses_certificate(tls);
  return error;
}

}  // namespace koshin::enrollment
