// SPDX-License-Identifier: MIT
// The reason of a failed transfer, from libcurl's code, the proxy's answer and the state of the TLS
// connection. Internal to this module and its tests.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <string>

#include "enrollment/http/tls_client.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

/// All information about a transfer that did not end with an answer.
struct TransferEnd {
  CURLcode code = CURLE_OK;
  std::string text;                      ///< libcurl's message
  CURLproxycode proxy_code = CURLPX_OK;  ///< of a SOCKS proxy
  long connect_status = 0;               ///< HTTP status of a proxy's answer to CONNECT; 0 without one
  std::string proxy_login;               ///< text about a 407 (ProxyLogin::words)
  std::string proxy;                     ///< "host port 3128" of the configured proxy; empty without one
  std::string proxy_address;             ///< "http://host:3128", as Failure::proxy
  std::string proxy_setting;             ///< origin of the choice: "proxy.url", or a variable
  long os_error = 0;                     ///< errno of the failed connect
  std::string proxy_words;         ///< further text of the proxy's answer to CONNECT, with a leading comma
  std::string way_words;           ///< CurlProxy::way_words
  bool at_connect = false;         ///< an HTTP proxy was reached, and no byte of TLS passed
  bool new_connection = false;     ///< the connection was opened for this transfer
  std::string server;              ///< "https://host:port"
  bool answer_began = false;       ///< a part of the answer has arrived
  long status = 0;                 ///< of the server's answer; 0: none
  std::string encoding;            ///< its Content-Encoding, printable
  std::string answer_length;       ///< its Content-Length; empty without one
  std::uint64_t answer_bytes = 0;  ///< received bytes of its body
  bool posted = false;             ///< the request may change the server's state
  bool sent = false;               ///< the request may have reached the server
  bool repeated = false;           ///< libcurl was about to repeat the request
};

class TransferError : public FailureError {
 public:
  TransferError(Failure failure, bool again) : FailureError(std::move(failure)), again_(again) {}
  /// A network failure: the same request may be retried.
  bool worth_another_try() const noexcept { return again_; }
  /// The request was sent: the server may have processed it.
  bool request_sent() const noexcept { return request_sent_; }
  /// The server's name cannot be resolved at present.
  bool host_unknown() const noexcept { return host_unknown_; }
  /// This way to the server does not work: another proxy, or none, may.
  bool way_is_blocked() const noexcept { return way_is_blocked_; }
  /// The server was verified and asked for a client certificate before the transfer ended.
  bool certificate_requested() const noexcept { return certificate_requested_; }
  /// The server ended TLS because it got no client certificate.
  bool certificate_missed() const noexcept { return certificate_missed_; }

 private:
  friend TransferError classify_transfer(const TransferEnd& end, const TlsStatus& tls,
                                         const TlsStatus* proxy_tls);
  bool again_;
  bool request_sent_ = false;
  bool host_unknown_ = false;
  bool way_is_blocked_ = false;
  bool certificate_requested_ = false;
  bool certificate_missed_ = false;
};

/// Whether a failed connection to a proxy is caused by a wrong setting – an unknown name, a port without a
/// listener – and not by the network.
bool is_wrong_address(CURLcode code, long os_error);

/// Classifies the end of a transfer. `proxy_tls`: the TLS connection to an https:// proxy; null when there is
/// none.
TransferError classify_transfer(const TransferEnd& end, const TlsStatus& tls,
                                const TlsStatus* proxy_tls = nullptr);

}  // namespace koshin::enrollment
