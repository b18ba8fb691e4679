// SPDX-License-Identifier: MIT
// A libcurl handle with its kept connection; performs one request at a time. Internal to this module.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include "enrollment/http/curl_answer.hpp"
#include "enrollment/http/curl_handle.hpp"
#include "enrollment/http/curl_proxy.hpp"
#include "enrollment/http/http_client.hpp"
#include "enrollment/http/socket.hpp"
#include "enrollment/http/url.hpp"

namespace koshin::enrollment {

class CurlTransfer {
 public:
  using Clock = std::chrono::steady_clock;
  /// `options` and `tls` must outlive this object.
  CurlTransfer(const HttpOptions& options, TlsClient& tls);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  /// Sends the request once, or again with the response to an authentication challenge of server or proxy.
  /// Throws TransferError, FailureError{authority_response_too_large} or {interrupted}.
  HttpResponse perform(const HttpRequest& request, Clock::time_point deadline);
  /// Has the next request take the next of several ways to the server. False when none of them works.
  bool next_way() { return proxy_.next_way(); }

 private:
  void set_up_security();
  void set_up_authentication();
  std::unique_ptr<curl_slist, CurlDeleter> prepare(const HttpRequest& request);
  CURLcode transfer(const HttpRequest& request, Clock::time_point deadline);
  CURLcode run(Clock::time_point deadline);
  std::optional<CURLcode> finished();
  void acknowledge() const noexcept;
  std::string words_of_proxy() const;
  void tell_of_password_in_clear() const;
  [[noreturn]] void fail_transfer(CURLcode code);

  static CURLcode on_ssl_context(CURL* easy, void* context, void* self) noexcept;
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address) noexcept;
  static int on_socket(void* self, curl_socket_t socket, curlsocktype purpose) noexcept;
  static int on_sending(void* self, char* their_address, char* our_address, int their_port,
                        int our_port) noexcept;

  const HttpOptions& options_;
  TlsClient& tls_;
  Origin origin_;
  /// The newest sockets, among which is the one in use; a number that meanwhile is another's does no harm.
  std::array<NativeSocket, 4> sockets_{CURL_SOCKET_BAD, CURL_SOCKET_BAD, CURL_SOCKET_BAD, CURL_SOCKET_BAD};
  std::size_t opened_ = 0;
  CurlHandle easy_;
  CurlProxy proxy_;
  CurlAnswer answer_;
  /// Destroyed first: closing its connections uses the proxy's TlsClient.
  std::unique_ptr<CURLM, CurlMultiDeleter> multi_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  std::string timeout_text_;
  bool current_connection_only_ = false;
  bool once_only_ = false;  ///< a POST: libcurl must not repeat it by itself
  bool sent_ = false;       ///< the request was sent at least once
  bool unanswered_ = false, repeated_ = false;
  bool tls_begun_ = false;  ///< with the server, on the newest connection
};

}  // namespace koshin::enrollment
