// SPDX-License-Identifier: MIT
// URLs through libcurl's parser, so that what we compare is what it connects to.
#include "enrollment/http/url.hpp"

#include <memory>

#include "enrollment/http/ascii.hpp"
#include "enrollment/http/curl_library.hpp"
#include "enrollment/http/curl_memory.hpp"

namespace koshin::enrollment {

namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const noexcept { curl().url_cleanup(url); }
  void operator()(char* text) const noexcept { curl().free(text); }
};

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
  char* raw = nullptr;
  if (curl().url_get(url, which, &raw, flags) != CURLUE_OK) return {};
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
  const std::unique_ptr<CURLU, UrlDeleter> url(curl().url());
  if (!url || curl().url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
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
  const std::unique_ptr<CURLU, UrlDeleter> url(curl().url());
  return url &&
         curl().url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
         !part(url.get(), CURLUPART_USER).empty();
}

std::string encode_segment(const std::string& text) {
  start_libcurl();
  const std::unique_ptr<char, UrlDeleter> encoded(
      curl().easy_escape(nullptr, text.c_str(), static_cast<int>(text.size())));
  return encoded ? encoded.get() : std::string();
}

}  // namespace koshin::enrollment
