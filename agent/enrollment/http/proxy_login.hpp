// SPDX-License-Identifier: MIT
// Authentication at an HTTP proxy: the schemes with available credentials, from the strongest to the weakest.
// Internal to this module and its tests.
#pragma once

#include <string>
#include <vector>

#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

/// libcurl uses the strongest scheme that a proxy offers and no other: without a Kerberos ticket Negotiate
/// then prevents Basic, for which there is a password. So a refused scheme is omitted in the next attempt.
/// Each scheme is tried once: a directory that counts wrong passwords sees at most three.
class ProxyLogin {
 public:
  /// `has_user`: settings or the proxy's URL contain a user name.
  ProxyLogin(const Settings::Proxy& settings, bool has_user);

  /// CURLAUTH_* bits for the next attempt.
  unsigned long schemes() const;
  /// Whether the next attempt needs an empty user name, which libcurl requires for Negotiate with a ticket
  /// and, on Windows, for NTLM as the session's user.
  bool without_user() const { return !has_user_; }
  /// Handles a 407 that offers the schemes of this CURLAUTH_* mask: drops the scheme just tried. Returns
  /// false when no scheme is left.
  bool give_up(unsigned long offered);
  /// "it offers Negotiate, Basic; tried were Negotiate (…), Basic", and what to do about it.
  std::string words(const std::vector<std::string>& offers) const;

 private:
  bool has_user_;
  bool fixed_;
  unsigned long left_;
  std::vector<std::string> tried_;
};

}  // namespace koshin::enrollment
