// SPDX-License-Identifier: MIT
// What a failed transfer means: libcurl's code, the proxy's answer and the TLS connection's end, made one
// reason. Internal to this module and its tests.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <string>

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
  std::string proxy_setting;             ///< what names it: "proxy.url", or a variable
  long os_error = 0;                     ///< errno of the connection that could not be made
  std::string proxy_words;               ///< what else its answer to CONNECT says, with a comma in front
  bool at_connect = false;               ///< an HTTP proxy was reached, and let no byte of TLS pass
  bool new_connection = false;           ///< it was opened for this transfer
  std::string server;                    ///< "https://host:port"
  bool answer_began = false;             ///< something of an answer has arrived
  long status = 0;                       ///< of the server's own answer; 0 when none began
  std::string encoding;                  ///< its Content-Encoding, printable
  std::string answer_length;             ///< what it says of its length; empty when it says nothing
  std::uint64_t answer_bytes = 0;        ///< of its body, as far as it came
  bool posted = false;                   ///< the request may make the server do something
  bool sent = false;                     ///< the request may have arrived
  bool repeated = false;                 ///< the request was about to be sent a second time by itself
};

class TransferError : public FailureError {
 public:
  TransferError(Failure failure, bool again) : FailureError(std::move(failure)), again_(again) {}
  /// The network is to blame: the same request may be sent again.
  bool worth_another_try() const noexcept { return again_; }
  /// The request went out: the server may have done what it asks for.
  bool request_sent() const noexcept { return request_sent_; }
  /// Nobody knows the server's name, at this moment at least.
  bool host_unknown() const noexcept { return host_unknown_; }
  /// The server was trusted and asked for our certificate before the transfer ended.
  bool certificate_requested() const noexcept { return certificate_requested_; }
  /// It ended TLS because none was shown to it.
  bool certificate_missed() const noexcept { return certificate_missed_; }

 private:
  friend TransferError classify_transfer(const TransferEnd& end, const TlsStatus& tls,
                                         const TlsStatus* proxy_tls);
  bool again_;
  bool request_sent_ = false;
  bool host_unknown_ = false;
  bool certificate_requested_ = false;
  bool certificate_missed_ = false;
};

/// Whether a proxy that could not be connected to is a wrong setting – a name that nobody knows, a port at
/// which nobody listens – and not a network that does not work.
bool is_wrong_address(CURLcode code, long os_error);

/// `proxy_tls`: the connection to an https:// proxy; null when there is none.
TransferError classify_transfer(const TransferEnd& end, const TlsStatus& tls,
                                const TlsStatus* proxy_tls = nullptr);

}  // namespace koshin::enrollment
