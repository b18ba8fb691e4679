// SPDX-License-Identifier: MIT
// What a failed transfer means: libcurl's code, the proxy's answer and the TLS connection's end, made one
// reason. Internal to this module and its tests.
#pragma once

#include <string>

#include "enrollment/http/curl_library.hpp"
#include "enrollment/http/tls_client.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

/// Everything known about a transfer that did not end with an answer.
struct TransferEnd {
  CURLcode code = CURLE_OK;
  std::string text;                      ///< libcurl's own words
  CURLproxycode proxy_code = CURLPX_OK;  ///< of a SOCKS proxy
  long connect_status = 0;               ///< HTTP status of a proxy's answer to CONNECT; 0 without one
  std::string proxy_login;               ///< what is known of a 407 (ProxyLogin::words)
  std::string proxy;                     ///< "host port 3128" of the configured proxy; empty without one
  bool new_connection = false;           ///< it was opened for this transfer
  std::string server;                    ///< "https://host:port"
  bool answer_began = false;             ///< something of an answer has arrived
  bool repeated = false;                 ///< the request was about to be sent a second time by itself
};

class TransferError : public FailureError {
 public:
  TransferError(Failure failure, bool again) : FailureError(std::move(failure)), again_(again) {}
  /// The network is to blame: the same request may be sent again.
  bool worth_another_try() const noexcept { return again_; }

 private:
  bool again_;
};

/// `proxy_tls`: the connection to an https:// proxy; null when there is none.
TransferError classify_transfer(const TransferEnd& end, const TlsStatus& tls,
                                const TlsStatus* proxy_tls = nullptr);

}  // namespace koshin::enrollment
