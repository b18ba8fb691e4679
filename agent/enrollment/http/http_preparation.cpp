// SPDX-License-Identifier: MIT
// Loading libcurl in the background.
#include "enrollment/http/http_preparation.hpp"

#include <openssl/ssl.h>

#include <exception>

#include "enrollment/http/curl_memory.hpp"

namespace koshin::enrollment {
HttpPreparation::HttpPreparation() noexcept {
  try {
    thread_ = std::thread([] {
      try {
        start_libcurl();
      } catch (const std::exception&) {  // whoever needs libcurl is told
      }
    });
  } catch (const std::exception&) {  // no thread to be had: it is done when it is needed
  }
}

HttpPreparation::~HttpPreparation() {
  if (thread_.joinable()) thread_.join();
}

void start_tls() noexcept {
  [[maybe_unused]] static const bool started = [] {
    SSL_CTX_free(SSL_CTX_new(TLS_client_method()));
    return true;
  }();
}

}  // namespace koshin::enrollment
