// SPDX-License-Identifier: MIT
#include "proxy_lookup/script_fetch.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/settings/proxy_script_file.hpp"
#include "foundation/system/file_access.hpp"

namespace koshin::proxy_lookup {
namespace {

constexpr std::string_view https = "https://";

struct EasyCleaner {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};

std::size_t keep(char* bytes, std::size_t /*one*/, std::size_t count, void* script) noexcept {
  auto& text = *static_cast<std::string*>(script);
  if (text.size() + count > longest_proxy_script) return 0;
  try {
    text.append(bytes, count);
  } catch (const std::exception&) {
    return 0;
  }
  return count;
}

/// Whoever can write it chooses the proxy.
std::string read_script(const std::filesystem::path& file) {
  std::optional<std::string> text;
  try {
    text = read_guarded_file(file, Guard::write, longest_proxy_script);
  } catch (const std::exception& error) {  // unsafe, unreadable, too large
    fail(Reason::proxy_failed, printable(error.what(), 400));
  }
  if (!text) fail(Reason::proxy_failed, printable(file.string(), 300) + ": there is no such file");
  return std::move(*text);
}

}  // namespace

const char* redirect_protocols(const std::string& url) {
  const bool only_tls = curl_strnequal(url.c_str(), https.data(), https.size()) != 0;
  return only_tls ? "https" : "http,https";
}

std::string fetch_script(const std::string& url, std::chrono::milliseconds limit) {
  if (const auto file = proxy_script_file(url)) return read_script(*file);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, EasyCleaner> easy(curl_easy_init());
  if (!easy) fail(Reason::internal_error, "libcurl: out of memory");
  std::string script;
  std::array<char, CURL_ERROR_SIZE> words{};
  constexpr long redirects = 3;
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_REDIR_PROTOCOLS_STR, redirect_protocols(url));
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
