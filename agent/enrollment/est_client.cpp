// SPDX-License-Identifier: MIT
// The EST operations: cacerts, csrattrs, simpleenroll, simplereenroll.
#include "enrollment/est_client.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "enrollment/base64.hpp"
#include "enrollment/certificate_bag.hpp"
#include "enrollment/csr_attributes.hpp"
#include "enrollment/est_answer.hpp"
#include "enrollment/request_reader.hpp"
#include "enrollment/retry_after.hpp"
#include "foundation/failure.hpp"

namespace koshin::enrollment {

namespace {

constexpr long ok = 200, accepted = 202, no_content = 204, not_found = 404;

TimePoint now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

HttpOptions options_with_credentials(const Settings& settings, const AuthorityOptions& options,
                                     const AuthorityCredentials& credentials) {
  HttpOptions http = http_options(settings, options, est_url(settings, ""));
  http.authentication = credentials.authentication();
  return http;
}

bool is_by_code(const AuthorityOptions& options) {
  return !options.http_user.empty() && options.http_password != nullptr;
}

}  // namespace

EstClient::EstClient(const Settings& settings, const AuthorityOptions& options)
    : settings_(settings),
      by_code_(is_by_code(options)),
      http_(options_with_credentials(settings, options, AuthorityCredentials(settings, options))) {}

HttpResponse EstClient::get(const std::string& operation) {
  return http_.exchange({.url = est_url(settings_, operation), .body = {}, .content_type = {}});
}

const std::vector<Certificate>& EstClient::ca_certificates() {
  if (ca_certificates_) return *ca_certificates_;
  const HttpResponse response = get("cacerts");
  if (response.status != ok)
    fail_for_status(response, "GET " + est_url(settings_, "cacerts"), by_code_, now());
  clock_ = response.date ? parse_http_date(*response.date) : std::nullopt;
  return ca_certificates_.emplace(read_certificate_bag(response.body, "/cacerts"));
}

const RequestAttributes& EstClient::request_attributes() {
  if (request_attributes_) return *request_attributes_;
  const HttpResponse response = get("csrattrs");
  if (response.status == no_content || response.status == not_found) return request_attributes_.emplace();
  if (response.status != ok)
    fail_for_status(response, "GET " + est_url(settings_, "csrattrs"), by_code_, now());
  return request_attributes_.emplace(read_request_attributes(response.body));
}

std::optional<std::string> EstClient::channel_binding() {
  const std::string& setting = settings_.authority.channel_binding;
  if (setting == "off") return std::nullopt;
  if (setting == "auto" && !request_attributes().challenge_password) return std::nullopt;
  // A cached answer does not mean that there is a connection.
  if (!http_.tls().established || std::exchange(connection_is_old_, false)) {
    const HttpResponse response = get("cacerts");
    if (response.status != ok)
      fail_for_status(response, "GET " + est_url(settings_, "cacerts"), by_code_, now());
  }
  if (http_.tls().channel_binding.empty()) {
    fail(Reason::tls_failed,
         "the TLS connection has no channel binding; authority.channel_binding = \"off\" does without");
  }
  return http_.tls().channel_binding;
}

Outcome EstClient::submit(Operation operation, ByteView request_der) {
  const RequestParts parts = read_request(request_der);
  const bool bound = parts.challenge_password.has_value();
  if (bound && (!http_.tls().established || *parts.challenge_password != http_.tls().channel_binding)) {
    throw StaleChannelBinding(
        Failure{Reason::authority_unreachable,
                "the request is bound to a connection that is gone; it has to be signed anew", std::nullopt});
  }
  const std::string url =
      est_url(settings_, operation == Operation::enroll ? "simpleenroll" : "simplereenroll");
  const std::string what = "POST " + url;
  HttpRequest request{
      .url = url, .body = to_wrapped_base64(request_der), .content_type = "application/pkcs10"};
  request.current_connection_only = bound;
  try {
    const HttpResponse response = http_.exchange(request);
    if (response.status == ok) return read_issued(response, what, parts.public_key_der);
    if (response.status == accepted) return read_pending(response, now());
    fail_for_status(response, what, by_code_, now());
  } catch (const ConnectionLost& lost) {
    throw StaleChannelBinding(lost.failure());
  }
}

Issued EstClient::read_issued(const HttpResponse& response, const std::string& what,
                              const Bytes& public_key) const {
  std::vector<Certificate> certificates = read_certificate_bag(response.body, what);
  // RFC 7030 wants exactly one certificate; some authorities add their own. One for another key is left to
  // the check of what was issued, which says so.
  auto issued =
      std::ranges::find_if(certificates, [&](const auto& one) { return one.public_key_der() == public_key; });
  if (issued == certificates.end()) issued = certificates.begin();
  Issued result{*issued, {}};
  certificates.erase(issued);
  result.others = std::move(certificates);
  return result;
}

}  // namespace koshin::enrollment
