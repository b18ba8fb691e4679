// SPDX-License-Identifier: MIT
// Redirects and retries around single transfers.
#include "enrollment/http/http_client.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <random>
#include <thread>

#include "enrollment/http/curl_memory.hpp"
#include "enrollment/http/curl_transfer.hpp"
#include "enrollment/http/transfer_failure.hpp"
#include "enrollment/http/url.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/waiting.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::chrono::milliseconds first_backoff{250};
constexpr std::chrono::milliseconds longest_backoff{5000};

std::string host_of(const std::string& url) {
  const auto origin = origin_of(url);
  if (!origin || origin->scheme != "https")
    fail(Reason::settings_invalid, "\"" + printable(url, 300) + "\" is no https:// URL");
  return origin->host;
}

bool is_redirect(const HttpResponse& response) {
  static constexpr std::array statuses{301L, 302L, 303L, 307L, 308L};
  return response.location && std::ranges::find(statuses, response.status) != statuses.end();
}

/// The request that follows a redirect, if the redirect is allowed.
HttpRequest redirected(HttpRequest request, const HttpResponse& response, const std::string& setting) {
  const auto from = origin_of(request.url);
  const auto to = origin_of(*response.location);
  const std::string what = std::string(request.body ? "the POST" : "the GET") + " to " +
                           (from ? from->to_string() : "") + " was redirected to " +
                           (to ? to->to_string() : "\"" + printable(*response.location, 200) + "\"");
  if (!from || from != to) {
    fail(Reason::authority_redirect_refused,
         what + ", another server; set " + setting + " to it if it is to be trusted");
  }
  request.url = *response.location;
  if (response.status == 303) request.body.reset();  // 303 See Other: a GET, RFC 9110 section 15.4.4
  return request;
}

}  // namespace

HttpClient::HttpClient(const HttpOptions& options)
    : options_(options),
      tls_({.host = host_of(options.url),
            .credential = options.credential,
            .trust_anchors = options.trust_anchors,
            .system_anchors = options.system_anchors,
            .show_chain = options.show_chain,
            .now = options.now}),
      transfer_(std::make_unique<CurlTransfer>(options_, tls_)) {
  // They were copied.
  options_.authentication.password = nullptr;
  options_.proxy_credential = nullptr;
}

HttpClient::~HttpClient() = default;

HttpResponse HttpClient::exchange(const HttpRequest& first) {
  const auto deadline = Clock::now() + options_.request_timeout;
  HttpRequest request = first;
  answer_lost_ = false;
  answer_was_lost_ = false;
  for (int hops = 0;; ++hops) {
    HttpResponse response = attempt_until(request, deadline);
    log::debug("authority answered",
               {{"KOSHIN_URL", request.url}, {"KOSHIN_STATUS", std::to_string(response.status)}});
    if (!is_redirect(response)) return response;
    if (hops == max_redirects) {
      fail(Reason::authority_response_invalid, printable(first.url, 300) +
                                                   ": redirected more than 3 times within the same server, "
                                                   "last to " +
                                                   printable(*response.location, 300));
    }
    request = redirected(std::move(request), response, options_.url_setting);
  }
}

HttpResponse HttpClient::attempt_until(const HttpRequest& request, Clock::time_point deadline) {
  for (int attempt = 1;; ++attempt) {
    try {
      HttpResponse response = transfer_->perform(request, deadline);
      closed_ = response.closes;
      answer_lost_ = false;
      return response;
    } catch (const TransferError& error) {
      answer_lost_ = answer_lost_ || error.request_sent();
      answer_was_lost_ = answer_was_lost_ || error.request_sent();
      if (request.current_connection_only && error.failure().reason == Reason::authority_unreachable) {
        throw ConnectionLost(error.failure());
      }
      const int attempts = request.attempts.value_or(options_.attempts);
      if (request.once && error.request_sent()) throw;
      if (error.way_is_blocked() && Clock::now() < deadline && transfer_->next_way()) {
        log::debug("this way to the server is blocked", {{"KOSHIN_DETAIL", error.failure().detail}});
        --attempt;  // each way has its attempt
        continue;
      }
      if (!error.worth_another_try() || attempt >= attempts || Clock::now() >= deadline) throw;
      log::debug("trying again after a network failure", {{"KOSHIN_DETAIL", error.failure().detail}});
    }
    wait_before_attempt(attempt, deadline);
  }
}

void HttpClient::wait_before_attempt(int attempt, Clock::time_point deadline) const {
  const auto base = std::min(longest_backoff, first_backoff * (1 << std::min(attempt - 1, 10)));
  std::random_device device;
  std::uniform_real_distribution<double> jitter(0.5, 1.5);
  const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(base * jitter(device));
  wait_until(std::min(deadline, Clock::now() + wait), options_.stop);
  if (options_.stop.stop_requested())
    fail(Reason::interrupted, "the exchange with the authority was abandoned");
}

}  // namespace koshin::enrollment
