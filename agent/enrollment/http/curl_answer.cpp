// SPDX-License-Identifier: MIT
// libcurl's callbacks for headers and body, and the header fields that it has parsed.
#include "enrollment/http/curl_answer.hpp"

#include <algorithm>
#include <new>
#include <optional>

#include "enrollment/http/ascii.hpp"

namespace koshin::enrollment {

namespace {
constexpr std::size_t max_headers = std::size_t{256} * 1024;
constexpr long first_status_with_error_body = 300;
constexpr std::size_t max_fields = 16;
}  // namespace

CurlAnswer::CurlAnswer(CurlHandle& handle, std::function<void()> arrives)
    : handle_(handle), arrives_(std::move(arrives)) {
  handle_.set(CURLOPT_HEADERFUNCTION, &CurlAnswer::on_header);
  handle_.set(CURLOPT_HEADERDATA, this);
  handle_.set(CURLOPT_WRITEFUNCTION, &CurlAnswer::on_body);
  handle_.set(CURLOPT_WRITEDATA, this);
  // No compression is requested; a compressed answer is decoded nevertheless, and its decoded size bounded.
  handle_.set(CURLOPT_ACCEPT_ENCODING, "identity");
}

void CurlAnswer::forget() {
  body_.clear();
  phrase_.clear();
  header_bytes_ = body_bytes_ = 0;
  headers_ended_ = too_large_ = false;
}

void CurlAnswer::note_line(std::string_view line) {
  // As libcurl has it: a program that writes its headers in text mode ends them with "\r\r\n".
  if (line.starts_with('\r') || line.starts_with('\n')) headers_ended_ = true;
  if (!line.starts_with("HTTP/")) return;
  headers_ended_ = false;
  phrase_.clear();
  const auto status = line.find(' ');
  const auto phrase = status == std::string_view::npos ? status : line.find(' ', status + 1);
  if (phrase == std::string_view::npos) return;
  const std::string_view text = line.substr(phrase + 1);
  phrase_ = printable(std::string(text.substr(0, text.find_last_not_of(" \r\n") + 1)), 100);
}

std::size_t CurlAnswer::on_header(char* data, std::size_t size, std::size_t count,
                                  void* self_pointer) noexcept try {
  auto& self = *static_cast<CurlAnswer*>(self_pointer);
  self.arrives_();
  self.header_bytes_ += size * count;
  self.too_large_ = self.header_bytes_ > max_headers;
  self.note_line({data, size * count});
  return self.too_large_ ? 0 : size * count;
} catch (const std::bad_alloc&) {
  return 0;
}

std::size_t CurlAnswer::on_body(char* data, std::size_t size, std::size_t count, void* self_pointer) noexcept
    try {
  auto& self = *static_cast<CurlAnswer*>(self_pointer);
  self.arrives_();
  const std::size_t bytes = size * count;
  self.body_bytes_ += bytes;
  self.too_large_ = self.body_bytes_ > max_response_body;
  if (self.too_large_) return 0;
  const bool error = self.handle_.info(CURLINFO_RESPONSE_CODE, 0L) >= first_status_with_error_body;
  const std::size_t limit = error ? max_error_body : max_response_body;
  self.body_.append(data, std::min(bytes, limit - std::min(limit, self.body_.size())));
  return bytes;
} catch (const std::bad_alloc&) {
  return 0;
}

std::vector<std::string> CurlAnswer::fields(const char* name, unsigned origin) const {
  std::vector<std::string> values;
  curl_header* found = nullptr;
  while (values.size() < max_fields &&
         curl_easy_header(handle_.get(), name, values.size(), origin, -1, &found) == CURLHE_OK) {
    values.emplace_back(found->value);
  }
  return values;
}

std::string CurlAnswer::field(const char* name) const {
  auto values = fields(name);
  return values.empty() ? std::string() : std::move(values.front());
}

bool CurlAnswer::closes_connection() const {
  bool close = false, keep = false;
  for (const std::string& value : fields("Connection")) {
    const std::string tokens = lower_ascii(value);
    close = close || tokens.find("close") != std::string::npos;
    keep = keep || tokens.find("keep-alive") != std::string::npos;
  }
  const bool old = handle_.info(CURLINFO_HTTP_VERSION, 0L) == CURL_HTTP_VERSION_1_0;
  return close || (old && !keep);
}

HttpResponse CurlAnswer::take() {
  HttpResponse response;
  response.body = std::move(body_);
  response.status = handle_.info(CURLINFO_RESPONSE_CODE, 0L);
  response.content_type = field("Content-Type");
  response.authenticate = fields("WWW-Authenticate");
  response.closes = closes_connection();
  const auto take = [&](const char* name, std::optional<std::string>& into) {
    if (std::string value = field(name); !value.empty()) into = std::move(value);
  };
  take("Retry-After", response.retry_after);
  take("Date", response.date);
  if (const char* location = handle_.info<const char*>(CURLINFO_REDIRECT_URL, nullptr); location != nullptr)
    response.location = location;
  return response;
}

}  // namespace koshin::enrollment
