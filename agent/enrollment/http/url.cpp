// SPDX-License-Identifier: MIT
// URLs by libcurl's parser, so that comparisons match what libcurl connects to.
#include "enrollment/http/url.hpp"

#include <curl/curl.h>

#include <memory>

#include "enrollment/http/ascii.hpp"
#include "enrollment/http/curl_memory.hpp"

namespace koshin::enrollment {

namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
  void operator()(char* text) const noexcept { curl_free(text); }
};

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* raw = nullptr;
  if (curl_url_get(url, which, &raw, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, UrlDeleter> owner(raw);
  return raw;
}

}  // namespace

std::string Origin::to_string() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return scheme + "://" + (ipv6 ? "[" + host + "]" : host) + (port.empty() ? "" : ":" + port);
}

std::optional<Origin> origin_of(const std::string& text) {
  start_libcurl();
  const std::unique_ptr<CURLU, UrlDeleter> url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return std::nullopt;
  Origin origin{
      lower_ascii(part(url.get(), CURLUPART_SCHEME)), lower_ascii(part(url.get(), CURLUPART_HOST)), {}};
  origin.port = part(url.get(), CURLUPART_PORT, origin.scheme == "https" ? CURLU_DEFAULT_PORT : 0U);
  if (origin.host.size() > 2 && origin.host.front() == '[')
    origin.host = origin.host.substr(1, origin.host.size() - 2);
  if (origin.host.empty()) return std::nullopt;
  return origin;
}

bool holds_user(const std::string& text) {
  start_libcurl();
  const std::unique_ptr<CURLU, UrlDeleter> url(curl_url());
  return url && curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
         !part(url.get(), CURLUPART_USER).empty();
}

std::string without_user(const std::string& text) {
  start_libcurl();
  const std::unique_ptr<CURLU, UrlDeleter> url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
    return text;
  for (const CURLUPart which : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS})
    curl_url_set(url.get(), which, nullptr, 0);
  const std::string rest = part(url.get(), CURLUPART_URL);
  return rest.empty() ? text : rest;
}

std::string encode_segment(const std::string& text) {
  start_libcurl();
  const std::unique_ptr<char, UrlDeleter> encoded(
      curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size())));
  return encoded ? encoded.get() : std::string();
}

}  // namespace koshin::enrollment
