// SPDX-License-Identifier: MIT
// Owners of libcurl's objects. Internal to this module.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

namespace koshin::enrollment {

struct CurlDeleter {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
struct CurlMultiDeleter {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};

/// libcurl's handle of one transfer.
class CurlHandle {
 public:
  /// Throws FailureError{internal_error}.
  CurlHandle();
  /// Throws FailureError{internal_error} for an option that this libcurl does not know.
  template <typename T>
  void set(CURLoption option, T value) {
    if (const CURLcode code = curl_easy_setopt(easy_.get(), option, value); code != CURLE_OK)
      refuse(option, code);
  }
  template <typename T>
  T info(CURLINFO which, T fallback) const {
    T value = fallback;
    return curl_easy_getinfo(easy_.get(), which, &value) == CURLE_OK ? value : fallback;
  }
  CURL* get() const noexcept { return easy_.get(); }

 private:
  [[noreturn]] static void refuse(CURLoption option, CURLcode code);
  std::unique_ptr<CURL, CurlDeleter> easy_;
};

}  // namespace koshin::enrollment
