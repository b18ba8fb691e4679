// SPDX-License-Identifier: MIT
// Classification of failures caused by the proxy, and functions shared with transfer_failure.cpp.
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "enrollment/http/transfer_end.hpp"

namespace koshin::enrollment {

namespace {

constexpr long login_required = 407;

/// The proxy's settings are wrong: a later retry does not help.
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
    default:  // not a SOCKS proxy, or one that refuses this connection
      return unusable_proxy(end, text);
  }
}

/// Proxies that allow only some ports report no more than a status: squid's default allows 443 and 563.
std::string hint_about_port(const TransferEnd& end) {
  constexpr std::array refusals{400L, 401L, 403L, 404L, 405L, 451L, 501L};
  if (std::ranges::find(refusals, end.connect_status) == refusals.end()) return {};
  constexpr std::string_view scheme = "https://";
  const std::string server = end.server.starts_with(scheme) ? end.server.substr(scheme.size()) : end.server;
  if (end.server.ends_with(":443"))
    return ": it does not let this server pass; ask the proxy's operator to allow CONNECT to " + server;
  return ": it does not let this server or this port pass (many let 443 only); ask the proxy's operator to "
         "allow CONNECT to " +
         server;
}

}  // namespace

TransferError ended(Reason reason, const TransferEnd& end, const std::string& text, bool again) {
  Failure failure{reason, printable(end.server + ": " + text + end.way_words), std::nullopt};
  if (reason == Reason::proxy_authentication_failed) failure.proxy = end.proxy_address;
  return {std::move(failure), again};
}

Reason reason_of_verify_error(int error) {
  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return Reason::authority_name_mismatch;
    // Authorities do not use certificates before their validity: this computer's clock is behind.
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

bool nothing_in_common(int alert) {
  return alert == SSL_AD_PROTOCOL_VERSION || alert == SSL_AD_INSUFFICIENT_SECURITY ||
         alert == SSL_AD_UNRECOGNIZED_NAME || alert == SSL_AD_NO_APPLICATION_PROTOCOL;
}

bool nothing_in_common(std::string_view text) {
  // Plain HTTP at the port shows as "wrong version number". Servers that OpenSSL refuses (without RFC 5746,
  // too small a Diffie-Hellman group) will be refused later as well.
  for (const char* sign :
       {"unsupported protocol", "wrong version number", "packet length too long", "bad record type",
        "no protocols available", "wrong ssl version", "no shared", "no suitable", "http request",
        "unsafe legacy renegotiation", "dh key too small"}) {
    if (text.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

std::optional<TransferError> proxy_tls_end(const TransferEnd& end, const TlsStatus& proxy) {
  const std::string who = "TLS with the proxy " + end.proxy + ": ";
  if (!proxy.setup_error.empty()) return ended(Reason::proxy_failed, end, who + proxy.setup_error);
  if (proxy.verify_error != X509_V_OK) {
    const std::string text = who + proxy.verify_detail;
    if (reason_of_verify_error(proxy.verify_error) == Reason::clock_wrong)
      return ended(Reason::clock_wrong, end, text);
    // An expired certificate is renewed by the proxy's operator; any other problem requires another setting
    // here.
    if (reason_of_verify_error(proxy.verify_error) == Reason::authority_certificate_expired)
      return ended(Reason::proxy_failed, end, text);
    return unusable_proxy(end, text + ": proxy.trust_anchors says whom to trust there");
  }
  if (proxy.established || proxy.handshakes == 0) return std::nullopt;
  if (proxy.alert >= 0 ? nothing_in_common(proxy.alert) : nothing_in_common(end.text))
    return unusable_proxy(end, who + end.text);
  return ended(Reason::proxy_failed, end, who + end.text, end.code == CURLE_OPERATION_TIMEDOUT);
}

std::optional<TransferError> proxy_end(const TransferEnd& end) {
  if (end.code == CURLE_COULDNT_RESOLVE_PROXY) return unusable_proxy(end, end.text, true);
  if (end.connect_status == login_required) {
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
  // libcurl names the host that it could not connect to only in its message.
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

bool is_wrong_address(CURLcode code, long os_error) {
  if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY) return true;
  return code == CURLE_COULDNT_CONNECT && os_error == ECONNREFUSED;
}

}  // namespace koshin::enrollment
