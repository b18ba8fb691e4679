// SPDX-License-Identifier: MIT
// One libcurl handle and the connection it keeps: performs one request at a time. Internal to this module.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include "enrollment/curl_library.hpp"
#include "enrollment/http_client.hpp"
#include "enrollment/proxy.hpp"
#include "enrollment/url.hpp"

namespace koshin::enrollment {

struct CurlDeleter {
  void operator()(CURL* easy) const noexcept { curl().easy_cleanup(easy); }
  void operator()(curl_slist* list) const noexcept { curl().slist_free_all(list); }
};
struct CurlMultiDeleter {
  void operator()(CURLM* multi) const noexcept { curl().multi_cleanup(multi); }
};

class CurlTransfer {
 public:
  using Clock = std::chrono::steady_clock;
  /// `options` and `tls` must outlive it.
  CurlTransfer(const HttpOptions& options, TlsClient& tls);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  /// Throws TransferError, FailureError{authority_response_too_large} or {interrupted}.
  HttpResponse perform(const HttpRequest& request, Clock::time_point deadline);

 private:
  struct Received {
    HttpResponse response;
    std::size_t header_bytes = 0, body_bytes = 0;
    bool too_large = false;  ///< the transfer was given up because of its size
  };

  template <typename T>
  void set(CURLoption option, T value);
  void set_up_security();
  void set_up_proxy();
  void set_up_authentication();
  std::unique_ptr<curl_slist, CurlDeleter> prepare(const HttpRequest& request);
  CURLcode run(Clock::time_point deadline);
  std::optional<CURLcode> finished();
  HttpResponse take_response();
  [[noreturn]] void fail_transfer(CURLcode code);
  std::string header(const char* name) const;

  static CURLcode on_ssl_context(CURL* easy, void* context, void* self) noexcept;
  static int on_socket(void* self, curl_socket_t socket, curlsocktype purpose) noexcept;
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;

  const HttpOptions& options_;
  TlsClient& tls_;
  Origin origin_;
  ProxyChoice proxy_;
  std::unique_ptr<CURLM, CurlMultiDeleter> multi_;
  std::unique_ptr<CURL, CurlDeleter> easy_;
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  std::string timeout_text_;
  Received received_;
  bool current_connection_only_ = false;
};

}  // namespace koshin::enrollment
