// SPDX-License-Identifier: MIT
// The proof that a certificate logs in, and the check whether a proof is possible. Three kinds of failure are
// distinguished: the page cannot prove anything (a setting), the certificate does not log in, and network
// failures.
#include "enrollment/proof.hpp"

#include "enrollment/authority_choice.hpp"
#include "enrollment/est/est_answer.hpp"
#include "enrollment/http/http_setup.hpp"
#include "enrollment/http/tls_client.hpp"
#include "enrollment/http/transfer_failure.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

constexpr long first_redirect = 300, first_refusal = 400, first_server_error = 500;
constexpr long not_found = 404, method_not_allowed = 405, request_timeout = 408, gone = 410, too_early = 425,
               too_many = 429, unavailable = 503;

std::string proof_url(const Settings& settings) {
  return settings.authority.prove_url.empty() ? default_proof_url(settings) : settings.authority.prove_url;
}

[[noreturn]] void cannot_be_proved(const Settings& settings, const std::string& why) {
  const std::string setting =
      settings.authority.prove_url.empty() ? "authority.prove_url is not set, and " : "authority.prove_url: ";
  fail(Reason::proof_impossible, setting + why);
}

HttpOptions options_there(const Settings& settings, const AuthorityOptions& options) {
  HttpOptions http = http_options(settings, options, proof_url(settings));
  if (!settings.authority.prove_url.empty()) http.url_setting = "authority.prove_url";
  return http;
}

std::string visit(const std::string& url) {
  return "GET " + printable(url, 300);
}

/// A permanent failure that does not depend on the certificate: the address is wrong. Empty for any other
/// failure.
std::string why_never(const FailureError& error, OtherServer other) {
  const std::string& detail = error.failure().detail;
  const auto* transfer = dynamic_cast<const TransferError*>(&error);
  // Without a network no name is resolved; with a network, this name is wrong.
  if (transfer != nullptr && transfer->host_unknown()) return other == OtherServer::answers ? detail : "";
  switch (error.failure().reason) {
    case Reason::authority_name_mismatch:
    case Reason::authority_untrusted:
    case Reason::authority_certificate_too_weak:
    case Reason::authority_response_invalid:
    case Reason::authority_response_too_large:
    case Reason::tls_impossible:
      return detail;
    default:
      return {};
  }
}

/// Whether the server's answer may be temporary.
bool is_passing(const HttpResponse& response) {
  return response.status == request_timeout || response.status == too_early || response.status == too_many ||
         response.status == unavailable;
}

/// Whether there is no page at this address for anybody.
bool is_no_page(const HttpResponse& response) {
  return response.status == not_found || response.status == method_not_allowed || response.status == gone;
}

std::string answer_of(const std::string& url, const HttpResponse& response) {
  return visit(url) + ": HTTP status " + std::to_string(response.status) + " " + text_for_people(response);
}

constexpr const char* never_asked =
    ", which asked for no certificate: its answer proves nothing. It has to be an address that does";
constexpr const char* sent_on =
    " was sent on to another server, which does not show that a certificate logs in. It has to be an address "
    "that answers by itself";

/// The evaluation of an answer without a certificate from a server that asks for one. The server may hide its
/// resources (RFC 9110 section 15.5.5: 404 instead of 403), or support no access without a certificate: no
/// such answer makes the proof impossible.
ProofPlace place_that_asks(const HttpResponse& response) {
  const bool says_more =
      response.status >= first_server_error || is_no_page(response) || is_passing(response);
  return says_more ? ProofPlace::left_open : ProofPlace::asks;
}

/// The evaluation of an answer without a certificate: whether the certificate matters there.
ProofPlace place_of(const Settings& settings, const HttpResponse& response, bool asked,
                    const Asked& question) {
  if (asked) return place_that_asks(response);
  const std::string& url = settings.authority.prove_url;
  if (is_no_page(response)) cannot_be_proved(settings, answer_of(url, response));
  if (is_passing(response) || response.status >= first_server_error) fail_for_status(response, question);
  cannot_be_proved(settings, answer_of(url, response) + never_asked);
}

/// place_that_asks() for an exchange without an answer.
ProofPlace without_answer(const FailureError& error) {
  switch (error.failure().reason) {
    case Reason::authority_redirect_refused:
    case Reason::authority_response_invalid:
    case Reason::authority_response_too_large:
      return ProofPlace::left_open;
    default:
      return ProofPlace::asks;
  }
}

/// Throws the failure that a refusal indicates, about the certificate (the subject of the proof) or about the
/// place. Returns when it indicates neither.
void explain_refusal(const Settings& settings, const FailureError& error, OtherServer other) {
  if (const std::string why = why_never(error, other); !why.empty()) cannot_be_proved(settings, why);
  const Reason reason = error.failure().reason;
  if (reason == Reason::authority_redirect_refused)
    cannot_be_proved(settings, visit(proof_url(settings)) + sent_on + ": " + error.failure().detail);
  const auto* transfer = dynamic_cast<const TransferError*>(&error);
  if (transfer != nullptr && transfer->certificate_missed())
    cannot_be_proved(settings,
                     error.failure().detail + ": it takes no signature that the token's key can make");
  const bool about_certificate =
      reason == Reason::authority_authentication_failed || reason == Reason::tls_failed;
  if (about_certificate) fail(Reason::proof_failed, error.failure().detail);
}

/// An answer proves something only when the certificate was used on its connection.
void check_certificate_was_used(const Settings& settings, CertificateUse use, const std::string& answered) {
  if (use == CertificateUse::not_asked) cannot_be_proved(settings, answered + never_asked);
  if (use == CertificateUse::not_shown)
    cannot_be_proved(settings, answered +
                                   ", which asked for a certificate, but takes no signature that the token's "
                                   "key can make: its answer proves nothing");
}

}  // namespace

ProofPlace reach_proof(const Settings& settings, const AuthorityOptions& options, OtherServer other) {
  const std::string& url = settings.authority.prove_url;
  AuthorityOptions nobody = options;
  nobody.credential.reset();
  HttpClient http(options_there(settings, nobody));
  try {
    const HttpResponse response =
        http.exchange({.url = url, .body = {}, .content_type = {}, .status_alone = true});
    const bool asked = http.tls().certificate_requested;
    return place_of(
        settings, response, asked,
        {.request = visit(url), .certificate = http.tls().certificate_use(), .now = options.now()});
  } catch (const FailureError& error) {
    const Reason reason = error.failure().reason;
    if (reason == Reason::proof_impossible || reason == Reason::interrupted) throw;
    const auto* transfer = dynamic_cast<const TransferError*>(&error);
    const bool asked =
        transfer != nullptr ? transfer->certificate_requested() : http.tls().certificate_requested;
    // A server that asks for a certificate may end the connection when none is sent, with or without an
    // alert, or redirect to a page for users without one.
    if (asked) return without_answer(error);
    if (const std::string why = why_never(error, other); !why.empty()) cannot_be_proved(settings, why);
    if (reason == Reason::authority_redirect_refused)
      cannot_be_proved(settings, visit(url) + sent_on + ": " + error.failure().detail);
    throw;
  }
}

void prove_login(const Settings& settings, const AuthorityOptions& options, OtherServer other) {
  const std::string url = proof_url(settings);
  if (!options.credential) fail(Reason::internal_error, "a log-in without certificate proves nothing");
  HttpClient http(options_there(settings, options));
  HttpResponse response;
  try {
    response = http.exchange({.url = url, .body = {}, .content_type = {}, .status_alone = true});
  } catch (const FailureError& error) {
    explain_refusal(settings, error, other);
    throw;
  }
  const std::string answered = answer_of(url, response);
  const CertificateUse use = http.tls().certificate_use();
  if (response.status >= first_server_error || is_passing(response))
    fail_for_status(response, {.request = "GET " + url, .certificate = use, .now = options.now()});
  if (is_no_page(response) || (response.status >= first_redirect && response.status < first_refusal))
    cannot_be_proved(settings, answered);
  check_certificate_was_used(settings, use, answered);
  if (response.status >= first_refusal) fail(Reason::proof_failed, answered);
}

}  // namespace koshin::enrollment
