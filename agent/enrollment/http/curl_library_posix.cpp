// SPDX-License-Identifier: MIT
// Finding libcurl's functions in its shared library.
#include "enrollment/http/curl_library.hpp"
#include "foundation/system/system_library.hpp"

namespace koshin::enrollment {
namespace {

// The name carries the version of the interface that curl.h describes.
constexpr const char* library_name = "libcurl.so.4";

CurlLibrary load() {
  // Lazily: those of its libraries that are not to be bound at once anyway have few functions that are ever
  // called.
  const SystemLibrary library(library_name, SystemLibrary::Binding::lazy);
  CurlLibrary found{};
  library.find("curl_easy_cleanup", found.easy_cleanup);
  library.find("curl_easy_escape", found.easy_escape);
  library.find("curl_easy_getinfo", found.easy_getinfo);
  library.find("curl_easy_header", found.easy_header);
  library.find("curl_easy_init", found.easy_init);
  library.find("curl_easy_perform", found.easy_perform);
  library.find("curl_easy_setopt", found.easy_setopt);
  library.find("curl_easy_strerror", found.easy_strerror);
  library.find("curl_free", found.free);
  library.find("curl_getdate", found.getdate);
  library.find("curl_global_init_mem", found.global_init_mem);
  library.find("curl_multi_add_handle", found.multi_add_handle);
  library.find("curl_multi_cleanup", found.multi_cleanup);
  library.find("curl_multi_info_read", found.multi_info_read);
  library.find("curl_multi_init", found.multi_init);
  library.find("curl_multi_perform", found.multi_perform);
  library.find("curl_multi_poll", found.multi_poll);
  library.find("curl_multi_remove_handle", found.multi_remove_handle);
  library.find("curl_multi_setopt", found.multi_setopt);
  library.find("curl_multi_wakeup", found.multi_wakeup);
  library.find("curl_slist_append", found.slist_append);
  library.find("curl_slist_free_all", found.slist_free_all);
  library.find("curl_url", found.url);
  library.find("curl_url_cleanup", found.url_cleanup);
  library.find("curl_url_get", found.url_get);
  library.find("curl_url_set", found.url_set);
  return found;
}

}  // namespace

const CurlLibrary& curl() {
  static const CurlLibrary library = load();
  return library;
}

}  // namespace koshin::enrollment
