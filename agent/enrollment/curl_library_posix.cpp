// SPDX-License-Identifier: MIT
// Finding libcurl's functions in its shared library.
#include <dlfcn.h>

#include <string>

#include "enrollment/curl_library.hpp"
#include "foundation/failure.hpp"

namespace koshin::enrollment {
namespace {

// The name carries the version of the interface that curl.h describes.
constexpr const char* library_name = "libcurl.so.4";

std::string last_error() {
  const char* const text = dlerror();  // NOLINT(concurrency-mt-unsafe): glibc keeps it per thread
  return text == nullptr ? "unknown reason" : text;
}

template <typename Function>
void find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  if (function == nullptr) fail(Reason::internal_error, std::string(library_name) + " has no " + name);
}

CurlLibrary load() {
  // Lazily: those of its libraries that are not to be bound at once anyway have few functions that are ever
  // called.
  void* const library = dlopen(library_name, RTLD_LAZY | RTLD_LOCAL);
  if (library == nullptr)
    fail(Reason::internal_error, "libcurl cannot be loaded, install it again: " + last_error());
  CurlLibrary found{};
  find(library, "curl_easy_cleanup", found.easy_cleanup);
  find(library, "curl_easy_escape", found.easy_escape);
  find(library, "curl_easy_getinfo", found.easy_getinfo);
  find(library, "curl_easy_header", found.easy_header);
  find(library, "curl_easy_init", found.easy_init);
  find(library, "curl_easy_perform", found.easy_perform);
  find(library, "curl_easy_setopt", found.easy_setopt);
  find(library, "curl_easy_strerror", found.easy_strerror);
  find(library, "curl_free", found.free);
  find(library, "curl_getdate", found.getdate);
  find(library, "curl_global_init_mem", found.global_init_mem);
  find(library, "curl_multi_add_handle", found.multi_add_handle);
  find(library, "curl_multi_cleanup", found.multi_cleanup);
  find(library, "curl_multi_info_read", found.multi_info_read);
  find(library, "curl_multi_init", found.multi_init);
  find(library, "curl_multi_perform", found.multi_perform);
  find(library, "curl_multi_poll", found.multi_poll);
  find(library, "curl_multi_remove_handle", found.multi_remove_handle);
  find(library, "curl_multi_setopt", found.multi_setopt);
  find(library, "curl_multi_wakeup", found.multi_wakeup);
  find(library, "curl_slist_append", found.slist_append);
  find(library, "curl_slist_free_all", found.slist_free_all);
  find(library, "curl_url", found.url);
  find(library, "curl_url_cleanup", found.url_cleanup);
  find(library, "curl_url_get", found.url_get);
  find(library, "curl_url_set", found.url_set);
  return found;
}

}  // namespace

const CurlLibrary& curl() {
  static const CurlLibrary library = load();
  return library;
}

}  // namespace koshin::enrollment
