// SPDX-License-Identifier: MIT
// The EST operations: cacerts, csrattrs, simpleenroll, simplereenroll.
#include "enrollment/est/est_client.hpp"

#include <algorithm>
#include <utility>

#include "enrollment/est/csr_attributes.hpp"
#include "enrollment/http/base64.hpp"
#include "enrollment/http/retry_after.hpp"
#include "enrollment/http/transfer_failure.hpp"
#include "enrollment/http/url.hpp"
#include "enrollment/x509/request_reader.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"

namespace koshin::enrollment {

namespace {

constexpr long ok = 200, created = 201, accepted = 202, no_content = 204, not_found = 404, bad_gateway = 502,
               gateway_timeout = 504;

HttpOptions options_with_credentials(const Settings& settings, const AuthorityOptions& options,
                                     const AuthorityCredentials& credentials) {
  HttpOptions http = http_options(settings, options, est_url(settings, ""));
  http.authentication = credentials.authentication();
  return http;
}

Asked common_questions(const Settings& settings, const AuthorityOptions& options) {
  const AuthorityCredentials credentials(settings, options);
  Asked asked;
  asked.by_code = credentials.by_code();
  asked.scheme = credentials.authentication().scheme;
  return asked;
}

/// A failure of the network between two requests says nothing about the authority's requirements.
bool is_answer_or_break(Reason reason) {
  switch (reason) {
    case Reason::authority_unreachable:
    case Reason::authority_timeout:
    case Reason::authority_refused:
    case Reason::authority_key_already_certified:
    case Reason::authority_busy:
    case Reason::authority_error:
    case Reason::authority_response_invalid:
    case Reason::authority_response_too_large:
    case Reason::authority_redirect_refused:
      return true;
    default:
      return false;
  }
}

}  // namespace

EstClient::EstClient(const Settings& settings, const AuthorityOptions& options)
    : settings_(settings),
      notice_(options.notice),
      now_(options.now),
      asked_(common_questions(settings, options)),
      http_(options_with_credentials(settings, options, AuthorityCredentials(settings, options))) {}

HttpResponse EstClient::get(const std::string& operation) {
  return http_.exchange({.url = est_url(settings_, operation), .body = {}, .content_type = {}});
}

Asked EstClient::asked(const std::string& request) const {
  Asked asked = asked_;
  asked.request = request;
  asked.certificate = http_.tls().certificate_use();
  asked.now = now_();
  return asked;
}

void EstClient::say(const std::string& code, const std::string& text) const {
  log::warning(log::Event::none, text, {{"KOSHIN_NOTICE", code}});
  if (notice_) notice_(code, text);
}

CertificateBag EstClient::read_bag(const HttpResponse& response, const std::string& what) const {
  CertificateBag bag = read_certificate_bag(response.body, what);
  note_form(bag, what);
  return bag;
}

void EstClient::note_form(const CertificateBag& bag, const std::string& what) const {
  if (!bag.other_form.empty()) {
    say("certificate_form_unusual",
        what + " was answered with " + bag.other_form + ", where RFC 7030 has PKCS#7; it was read.");
  }
  if (bag.unreadable.empty()) return;
  say("certificates_passed_over", what + ": of the certificates in the answer, " +
                                      std::to_string(bag.unreadable.size()) +
                                      " cannot be read and was passed over: " + bag.unreadable.front());
}

/// With anchors in the settings the authority need not publish certificates.
std::vector<Certificate> EstClient::read_authorities(const HttpResponse& response) const {
  constexpr const char* what = "/cacerts";
  if (settings_.authority.issuer_anchors.empty()) return read_bag(response, what).certificates;
  CertificateBag bag = read_certificates_if_any(response.body, what);
  note_form(bag, what);
  return std::move(bag.certificates);
}

HttpResponse EstClient::get_certificates() {
  HttpResponse response = get("cacerts");
  clock_ = response.date ? parse_http_date(*response.date) : std::nullopt;
  if (response.status != ok) fail_for_status(response, asked("GET " + est_url(settings_, "cacerts")));
  return response;
}

const std::vector<Certificate>& EstClient::ca_certificates() {
  if (ca_certificates_) return *ca_certificates_;
  const HttpResponse response = get_certificates();
  ca_certificates_ = read_authorities(response);
  http_.learn(*ca_certificates_);
  return *ca_certificates_;
}

RequestAttributes EstClient::ask_for_attributes() {
  const std::string url = est_url(settings_, "csrattrs");
  try {
    const HttpResponse response = http_.exchange({.url = url, .body = {}, .content_type = {}, .attempts = 1});
    if (response.status == no_content || response.status == not_found) return {};
    if (response.status == ok) return read_request_attributes(response.body);
    Asked question = asked("GET " + url);
    throw FailureError(failure_for_status(response, question));
  } catch (const FailureError& error) {
    const Failure& failure = error.failure();
    const bool by_status = failure.reason == Reason::authority_authentication_failed ||
                           failure.reason == Reason::reissue_code_invalid;
    if (!is_answer_or_break(failure.reason) && !(by_status && http_.tls().established)) throw;
    say("csrattrs_ignored",
        "The authority's wishes for the request could not be read, so there are none: " + failure.detail);
    RequestAttributes none;
    none.told = false;
    return none;
  }
}

const RequestAttributes& EstClient::request_attributes() {
  if (request_attributes_) return *request_attributes_;
  request_attributes_ = ask_for_attributes();
  if (wants_binding()) connect_for_binding();
  return *request_attributes_;
}

bool EstClient::wants_binding() {
  const ChannelBinding setting = settings_.authority.channel_binding;
  return setting == ChannelBinding::on ||
         (setting == ChannelBinding::automatic && request_attributes().challenge_password);
}

/// A cached answer does not imply an open connection, nor an open connection that it survives an answer.
void EstClient::connect_for_binding() {
  if (!http_.connected() || std::exchange(connection_is_old_, false)) get_certificates();
  if (!http_.connected()) {
    fail(Reason::tls_impossible,
         est_url(settings_, "") +
             ": the server ends the connection with each answer, so that no request can be bound to one (RFC "
             "7030 section 3.5). Let it keep its connections, or set authority.channel_binding = \"off\" if "
             "it "
             "does not insist");
  }
  if (http_.tls().channel_binding.empty()) {
    fail(Reason::tls_impossible,
         "the TLS connection has no channel binding; authority.channel_binding = \"off\" does without");
  }
}

std::optional<std::string> EstClient::channel_binding() {
  if (!wants_binding()) return std::nullopt;
  connect_for_binding();
  return http_.tls().channel_binding;
}

void EstClient::note_key(const Bytes& public_key) {
  answer_was_lost_ = asked_key_ == public_key && answer_was_lost();
  asked_key_ = public_key;
}

Outcome EstClient::submit(Operation operation, ByteView request_der) {
  const RequestParts parts = read_request(request_der);
  const bool bound = parts.challenge_password.has_value();
  if (bound && (!http_.connected() || *parts.challenge_password != http_.tls().channel_binding)) {
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
  gateway_gave_up_ = false;
  request.once = asked_.by_code;
  note_key(parts.public_key_der);
  try {
    const HttpResponse response = http_.exchange(request);
    gateway_gave_up_ = response.status == bad_gateway || response.status == gateway_timeout;
    if (response.status == ok || response.status == created)
      return read_issued(response, what, parts.public_key_der);
    if (response.status == accepted) return read_pending(response, now_());
    fail_for_status(response, asked(what));
  } catch (const ConnectionLost& lost) {
    answer_was_lost_ = answer_was_lost();  // fetching the next binding is another exchange
    throw StaleChannelBinding(lost.failure());
  } catch (const TransferError& error) {
    if (!request.once || !error.request_sent()) throw;
    Failure failure = error.failure();
    failure.detail =
        printable(failure.detail + "; the one-time code was under way and may be used up by that");
    throw FailureError(std::move(failure));
  }
}

Issued EstClient::read_issued(const HttpResponse& response, const std::string& what,
                              const Bytes& public_key) const {
  CertificateBag bag = read_bag(response, what);
  std::vector<Certificate>& certificates = bag.certificates;
  // RFC 7030 requires exactly one certificate; some authorities add their own. check_issued() handles several
  // certificates for the key, and reports one for another key.
  auto issued =
      std::ranges::find_if(certificates, [&](const auto& one) { return one.public_key_der() == public_key; });
  if (issued == certificates.end() && !bag.unreadable.empty()) {
    fail(Reason::authority_response_invalid,
         what +
             ": a certificate in the answer cannot be read, and none of the others is for the requested "
             "key: " +
             bag.unreadable.front());
  }
  if (issued == certificates.end()) issued = certificates.begin();
  Issued result{*issued, {}};
  certificates.erase(issued);
  result.others = std::move(certificates);
  return result;
}

std::string est_url(const Settings& settings, const std::string& operation) {
  std::string url = settings.authority.url;
  const auto origin = origin_of(url);
  if (!origin || origin->scheme != "https") {
    fail(Reason::authority_not_configured,
         url.empty() ? "authority.url is not set"
                     : "authority.url \"" + printable(url, 300) + "\" is no https:// URL");
  }
  while (!url.empty() && url.back() == '/') url.pop_back();
  url += "/.well-known/est/";
  if (!settings.authority.label.empty()) url += encode_segment(settings.authority.label) + "/";
  return url + operation;
}

}  // namespace koshin::enrollment
