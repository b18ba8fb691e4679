// SPDX-License-Identifier: MIT
// Statuses and texts of EST answers.
#include "enrollment/est_answer.hpp"

#include <algorithm>

#include "enrollment/retry_after.hpp"
#include "foundation/failure.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::size_t max_shown = 1000;
constexpr std::chrono::seconds default_retry_after{60};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

std::optional<std::chrono::seconds> retry_after_of(const HttpResponse& response, TimePoint now) {
  if (!response.retry_after) return std::nullopt;
  const auto server_time = response.date ? parse_http_date(*response.date) : std::nullopt;
  return parse_retry_after(*response.retry_after, server_time.value_or(now));
}

Reason reason_of(long status, bool by_code) {
  if (status == 401) return by_code ? Reason::reissue_code_invalid : Reason::authority_authentication_failed;
  if (status == 429 || status == 503) return Reason::authority_busy;
  if (status >= 500) return Reason::authority_error;
  if (status >= 400) return Reason::authority_refused;
  return Reason::authority_response_invalid;
}

}  // namespace

std::string text_for_people(const HttpResponse& response) {
  const std::string type =
      lower(response.content_type.substr(0, response.content_type.find_first_of("; \t")));
  if (response.body.find_first_not_of(" \t\r\n") == std::string::npos) return {};
  if (!type.empty() && type != "text/plain")
    return "(a body of type " + printable(type, 100) + " is not shown)";
  // Line breaks of a paragraph become blanks; everything else that does not print is printable()'s business.
  std::string text;
  for (const char c : std::string_view(response.body).substr(0, max_error_body)) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank) text += c;
    if (blank && !text.empty() && text.back() != ' ') text += ' ';
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return printable(text, max_shown);
}

Pending read_pending(const HttpResponse& response, TimePoint now) {
  return {retry_after_of(response, now).value_or(default_retry_after), text_for_people(response)};
}

void fail_for_status(const HttpResponse& response, std::string_view request, bool by_code, TimePoint now) {
  std::string detail = printable(request, 400) + ": HTTP status " + std::to_string(response.status);
  if (response.status == 404) detail += " (are authority.url and authority.label right?)";
  if (const std::string text = text_for_people(response); !text.empty()) detail += ": " + text;
  Failure failure{reason_of(response.status, by_code), printable(detail), std::nullopt};
  if (failure.reason == Reason::authority_busy || failure.reason == Reason::authority_error) {
    failure.retry_after = retry_after_of(response, now);
  }
  throw FailureError(std::move(failure));
}

}  // namespace koshin::enrollment
