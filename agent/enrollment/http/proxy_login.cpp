// SPDX-License-Identifier: MIT
// Schemes of proxy authentication in libcurl's order of strength.
#include "enrollment/http/proxy_login.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

struct Scheme {
  ProxyAuthentication setting;
  std::string_view name;  ///< as HTTP spells it
  unsigned long bit;
};
// The order of libcurl's choice.
constexpr std::array known_logins{Scheme{ProxyAuthentication::negotiate, "Negotiate", CURLAUTH_NEGOTIATE},
                                  Scheme{ProxyAuthentication::digest, "Digest", CURLAUTH_DIGEST},
                                  Scheme{ProxyAuthentication::ntlm, "NTLM", CURLAUTH_NTLM},
                                  Scheme{ProxyAuthentication::basic, "Basic", CURLAUTH_BASIC}};

/// Whether libcurl answers NTLM with the session's user, as Windows' own programs do (SSPI): no password is
/// needed then.
bool ntlm_needs_no_user() {
  return (static_cast<unsigned>(curl_version_info(CURLVERSION_NOW)->features) & CURL_VERSION_SSPI) != 0;
}

unsigned long allowed(ProxyAuthentication setting, bool has_user) {
  const unsigned long by_session = CURLAUTH_NEGOTIATE | (ntlm_needs_no_user() ? CURLAUTH_NTLM : 0);
  unsigned long mask = 0;
  for (const Scheme& scheme : known_logins) {
    const bool wanted = setting == ProxyAuthentication::automatic || setting == scheme.setting;
    if (wanted && (has_user || (scheme.bit & by_session) != 0)) mask |= scheme.bit;
  }
  return mask;
}

/// "Basic" of "Basic realm=…".
std::vector<std::string> first_words(std::vector<std::string> challenges) {
  for (std::string& challenge : challenges) challenge.resize(std::min(challenge.find(' '), challenge.size()));
  return challenges;
}

}  // namespace

ProxyLogin::ProxyLogin(const Settings::Proxy& settings, bool has_user)
    : has_user_(has_user),
      fixed_(settings.authentication != ProxyAuthentication::automatic),
      left_(allowed(settings.authentication, has_user)) {}

unsigned long ProxyLogin::schemes() const {
  // With a single scheme libcurl sends credentials without a challenge: a proxy without authentication would
  // cost a search for a Kerberos ticket. Bearer, for which there is never a token, makes libcurl wait for the
  // challenge.
  return fixed_ || !tried_.empty() ? left_ : left_ | CURLAUTH_BEARER;
}

bool ProxyLogin::give_up(unsigned long offered) {
  for (const Scheme& scheme : known_logins) {
    if ((scheme.bit & left_ & offered) == 0) continue;
    tried_.emplace_back(scheme.name);
    if (scheme.bit == CURLAUTH_NEGOTIATE) tried_.back() += " (no Kerberos ticket, or not accepted)";
    if (scheme.bit == CURLAUTH_NTLM && !has_user_) tried_.back() += " (as the user of this session)";
    left_ &= ~scheme.bit;
    return (left_ & offered) != 0;
  }
  return false;
}

std::string ProxyLogin::words(const std::vector<std::string>& offers) const {
  std::string text = offers.empty() ? "it does not say which authentication it takes"
                                    : "it offers " + printable(joined(first_words(offers)), 200);
  text += tried_.empty() ? "; none of these could be tried" : "; tried without success: " + joined(tried_);
  if (!has_user_) text += "; no user name is set (proxy.user)";
  if (fixed_) text += "; proxy.authentication allows one scheme only";
  return text;
}

}  // namespace koshin::enrollment
