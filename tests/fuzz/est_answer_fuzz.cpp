// SPDX-License-Identifier: MIT
// The rest of an authority's answer. The input is the status on one line (with thousands that say what was
// asked), Content-Type, Retry-After, Date and WWW-Authenticate (also a proxy's) on the next four, then the
// body.
#include "enrollment/est/est_answer.hpp"

#include <array>
#include <cstdlib>

#include "enrollment/http/proxy_login.hpp"
#include "enrollment/http/retry_after.hpp"
#include "harness.hpp"

using namespace koshin::enrollment;  // NOLINT(google-build-using-namespace): a program of one page

namespace {

constexpr koshin::TimePoint now{std::chrono::seconds{1'800'000'000}};

HttpResponse read(std::string_view rest, Asked& asked) {
  using Scheme = HttpAuthentication::Scheme;
  HttpResponse response;
  const std::string line = koshin::fuzz::take_line(rest);
  const long number = std::abs(std::strtol(line.c_str(), nullptr, 10) % 18'000);
  response.status = number % 1000;
  asked = {.request = "POST https://authority.example",
           .by_code = number / 1000 % 2 == 1,
           .scheme = std::array{Scheme::none, Scheme::basic, Scheme::digest}.at(number / 2000 % 3),
           .certificate =
               std::array{CertificateUse::used, CertificateUse::not_asked, CertificateUse::not_shown}.at(
                   number / 6000),
           .now = now};
  response.content_type = koshin::fuzz::take_line(rest);
  response.retry_after = koshin::fuzz::take_line(rest);
  response.date = koshin::fuzz::take_line(rest);
  response.authenticate = {koshin::fuzz::take_line(rest)};
  response.body = rest;
  return response;
}

void proxy_is_told_of(const std::vector<std::string>& offers) {
  koshin::Settings::Proxy settings;
  ProxyLogin login(settings, true);
  for (int i = 0; i < 5; ++i) {
    const std::string words = login.words(offers);
    koshin::fuzz::require(koshin::printable(words, 1000) == words,
                          "what a proxy offers is printable and bounded");
    if (!login.give_up(~0UL)) break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Asked asked;
  const HttpResponse response = read(koshin::fuzz::text_of(data, size), asked);
  const auto retry_after = parse_retry_after(*response.retry_after, now);
  ++(retry_after ? koshin::fuzz::tally.accepted : koshin::fuzz::tally.refused);
  koshin::fuzz::require(!retry_after || (*retry_after >= min_retry_after && *retry_after <= max_retry_after),
                        "Retry-After is bounded");
  const std::string text = text_for_people(response);
  koshin::fuzz::require(koshin::printable(text) == text, "an authority's text is printable and bounded");
  koshin::fuzz::require(read_pending(response, now).retry_after >= min_retry_after,
                        "asking again is in the future");
  const auto failure = failure_for_status(response, asked);
  koshin::fuzz::require(failure.detail.size() <= koshin::Failure::max_detail, "the detail is bounded");
  koshin::fuzz::require(koshin::printable(failure.detail) == failure.detail, "the detail is printable");
  proxy_is_told_of(response.authenticate);
  return 0;
}
