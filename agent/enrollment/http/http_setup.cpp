// SPDX-License-Identifier: MIT
// Options of the HTTP client.
#include "enrollment/http/http_setup.hpp"

#include "foundation/failures/failure.hpp"
#include "foundation/secrets/secret_input.hpp"

namespace koshin::enrollment {

namespace {

/// Intermediate certificates in issuer_anchors, where administrators put them for lack of another place.
/// (TlsClient reads those in trust_anchors.)
void add_configured_authorities(const Settings& settings, std::vector<Certificate>& authorities) {
  const auto& file = settings.authority.issuer_anchors;
  if (file.empty() || file == settings.authority.trust_anchors) return;
  const auto certificates = Certificate::from_pem_file(file.string());
  authorities.insert(authorities.end(), certificates.begin(), certificates.end());
}

}  // namespace

HttpOptions http_options(const Settings& settings, const AuthorityOptions& options, const std::string& url) {
  HttpOptions http;
  http.url = url;
  http.credential = options.credential;
  http.trust_anchors = settings.authority.trust_anchors;
  http.show_chain = settings.authority.client_chain == ClientChain::automatic;
  if (http.credential && http.show_chain) add_configured_authorities(settings, http.credential->authorities);
  http.proxy = settings.proxy;
  http.proxy_credential = options.proxy_credential;
  http.connect_timeout = settings.authority.connect_timeout;
  http.request_timeout = settings.authority.request_timeout;
  http.attempts = settings.authority.attempts;
  http.stop = options.stop;
  http.now = options.now;
  http.notice = options.notice;
  return http;
}

AuthorityCredentials::AuthorityCredentials(const Settings& settings, const AuthorityOptions& options)
    : by_code_(!options.credentials.user.empty() && options.credentials.secret != nullptr) {
  const auto& configured = settings.authority;
  if (configured.http_authentication == AuthorityLogin::basic || by_code_)
    authentication_.scheme = HttpAuthentication::Scheme::basic;
  if (configured.http_authentication == AuthorityLogin::digest)
    authentication_.scheme = HttpAuthentication::Scheme::digest;
  if (authentication_.scheme == HttpAuthentication::Scheme::none) return;
  authentication_.user = options.credentials.user.empty() ? configured.http_user : options.credentials.user;
  authentication_.password = options.credentials.secret;
  if (authentication_.password != nullptr) return;
  if (configured.http_password_file.empty()) {
    fail(Reason::passphrase_required,
         "authority.http_authentication is \"" + std::string(word(configured.http_authentication)) +
             "\"; the passphrase of " + printable(configured.http_user, 100) + " was not given");
  }
  from_file_ = read_password_file(configured.http_password_file, "authority.http_password_file");
  authentication_.password = &*from_file_;
}

}  // namespace koshin::enrollment
