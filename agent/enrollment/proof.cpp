// SPDX-License-Identifier: MIT
// The proof that a certificate logs in.
#include "enrollment/proof.hpp"

#include "enrollment/est/est_answer.hpp"
#include "enrollment/est/est_client.hpp"
#include "enrollment/http/http_setup.hpp"
#include "enrollment/http/tls_client.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

constexpr long first_redirect = 300, first_server_error = 500;

/// Refusals of the certificate are what the proof is about; the network's trouble stays what it is.
bool speaks_against_certificate(Reason reason) {
  return reason == Reason::authority_authentication_failed || reason == Reason::tls_failed;
}

HttpResponse log_in(HttpClient& http, const std::string& url) {
  try {
    return http.exchange({.url = url, .body = {}, .content_type = {}});
  } catch (const FailureError& error) {
    if (error.failure().reason == Reason::authority_redirect_refused) {
      // It may lead to somebody who is let in as well as to the page for those who are not.
      fail(Reason::proof_failed,
           "GET " + printable(url, 300) +
               " was sent on to another server, which does not show that the certificate "
               "logs in; set authority.prove_url to an address that answers by itself");
    }
    if (!speaks_against_certificate(error.failure().reason)) throw;
    fail(Reason::proof_failed, error.failure().detail);
  }
}

/// An answer proves something only when the certificate was part of the question.
void check_certificate_was_used(CertificateUse use, const std::string& url) {
  if (use == CertificateUse::not_asked) {
    fail(Reason::proof_failed, printable(url, 300) +
                                   " let us in without asking for a certificate, which proves nothing; set "
                                   "authority.prove_url to an address that does");
  }
  if (use == CertificateUse::not_shown) {
    fail(Reason::proof_failed,
         printable(url, 300) +
             " asked for a certificate, but takes no signature that the token's key can "
             "make, and let us in without one, which proves nothing");
  }
}

}  // namespace

void reach_proof(const Settings& settings, const AuthorityOptions& options) {
  const std::string& url = settings.authority.prove_url;
  HttpClient http(http_options(settings, options, url));
  try {
    http.exchange({.url = url, .body = {}, .content_type = {}});
  } catch (const FailureError& error) {
    const Reason reason = error.failure().reason;
    if (!speaks_against_certificate(reason) && reason != Reason::authority_redirect_refused) throw;
  }
}

void prove_login(const Settings& settings, const AuthorityOptions& options) {
  const std::string url =
      settings.authority.prove_url.empty() ? est_url(settings, "cacerts") : settings.authority.prove_url;
  if (!options.credential) fail(Reason::internal_error, "a log-in without certificate proves nothing");
  HttpClient http(http_options(settings, options, url));
  const HttpResponse response = log_in(http, url);
  if (response.status >= first_server_error) {
    fail_for_status(
        response,
        {.request = "GET " + url, .certificate = http.tls().certificate_use(), .now = options.now()});
  }
  if (response.status >= first_redirect) {
    fail(Reason::proof_failed, "GET " + printable(url, 300) + ": HTTP status " +
                                   std::to_string(response.status) + " " + text_for_people(response));
  }
  check_certificate_was_used(http.tls().certificate_use(), url);
}

}  // namespace koshin::enrollment
