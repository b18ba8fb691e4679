// SPDX-License-Identifier: MIT
// The rest of an authority's answer. The input is the status on one line, Content-Type, Retry-After and Date
// on the next three, then the body.
#include "enrollment/est/est_answer.hpp"

#include "enrollment/http/retry_after.hpp"
#include "harness.hpp"

using namespace koshin::enrollment;  // NOLINT(google-build-using-namespace): a program of one page

namespace {

HttpResponse read(std::string_view rest) {
  HttpResponse response;
  const std::string status = koshin::fuzz::take_line(rest);
  response.status = std::strtol(status.c_str(), nullptr, 10) % 1000;
  response.content_type = koshin::fuzz::take_line(rest);
  response.retry_after = koshin::fuzz::take_line(rest);
  response.date = koshin::fuzz::take_line(rest);
  response.body = rest;
  return response;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const koshin::TimePoint now = koshin::TimePoint(std::chrono::seconds{1'800'000'000});
  const HttpResponse response = read(koshin::fuzz::text_of(data, size));
  const auto retry_after = parse_retry_after(*response.retry_after, now);
  ++(retry_after ? koshin::fuzz::tally.accepted : koshin::fuzz::tally.refused);
  koshin::fuzz::require(!retry_after || (*retry_after >= min_retry_after && *retry_after <= max_retry_after),
                        "Retry-After is bounded");
  const std::string text = text_for_people(response);
  koshin::fuzz::require(koshin::printable(text) == text, "an authority's text is printable and bounded");
  koshin::fuzz::require(read_pending(response, now).retry_after >= min_retry_after,
                        "asking again is in the future");
  const auto failure =
      failure_for_status(response, {.request = "POST https://authority.example", .now = now});
  koshin::fuzz::require(failure.detail.size() <= koshin::Failure::max_detail, "the detail is bounded");
  return 0;
}
