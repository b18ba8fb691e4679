// SPDX-License-Identifier: MIT
// Creation of libcurl's handles.
#include "enrollment/http/curl_handle.hpp"

#include "enrollment/http/curl_memory.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

CurlHandle::CurlHandle() {
  start_libcurl();
  easy_.reset(curl_easy_init());
  if (!easy_) fail(Reason::internal_error, "libcurl: out of memory");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // a name server that does not answer must not delay the end of the job
}

void CurlHandle::refuse(CURLoption option, CURLcode code) {
  fail(Reason::internal_error, "libcurl option " + std::to_string(option) + ": " + curl_easy_strerror(code));
}

}  // namespace koshin::enrollment
