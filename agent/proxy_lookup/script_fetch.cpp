// SPDX-License-Identifier: MIT
#include "proxy_lookup/script_fetch.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>

#include "foundation/failures/failure.hpp"
#include "proxy_lookup/proxy_script.hpp"

namespace koshin::proxy_lookup {
namespace {

struct EasyCleaner {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};

std::size_t keep(char* bytes, std::size_t /*one*/, std::size_t count, void* script) noexcept {
  auto& text = *static_cast<std::string*>(script);
  if (text.size() + count > longest_script) return 0;
  try {
    text.append(bytes, count);
  } catch (const std::exception&) {
    return 0;
  }
  return count;
}

}  // namespace

std::string fetch_script(const std::string& url, std::chrono::milliseconds limit) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, EasyCleaner> easy(curl_easy_init());
  if (!easy) fail(Reason::internal_error, "libcurl: out of memory");
  std::string script;
  std::array<char, CURL_ERROR_SIZE> words{};
  constexpr long redirects = 3;
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https,file");
  curl_easy_setopt(easy.get(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_MAXREDIRS, redirects);
  curl_easy_setopt(easy.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(limit.count()));
  curl_easy_setopt(easy.get(), CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_USERAGENT, "koshin");
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, words.data());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &keep);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, static_cast<void*>(&script));
  const CURLcode code = curl_easy_perform(easy.get());
  if (code == CURLE_OK) return script;
  if (code == CURLE_WRITE_ERROR) fail(Reason::proxy_failed, "it is larger than 1 MiB");
  fail(Reason::proxy_failed, std::string("it could not be fetched: ") +
                                 (words.front() != '\0' ? words.data() : curl_easy_strerror(code)));
}

}  // namespace koshin::proxy_lookup
