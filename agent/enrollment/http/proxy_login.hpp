// SPDX-License-Identifier: MIT
// How an HTTP proxy is told who asks: the schemes that there are credentials for, from the strongest down.
// Internal to this module and its tests.
#pragma once

#include <string>
#include <vector>

#include "foundation/settings/settings.hpp"

namespace koshin::enrollment {

/// libcurl takes the strongest scheme that a proxy offers and never another one: without a Kerberos ticket
/// Negotiate then hides the password that Basic would have taken. So what was refused is left out of the next
/// try. Each scheme is tried once, so that a directory which counts wrong passwords sees at most three.
class ProxyLogin {
 public:
  /// `has_user`: a user name is known, from the settings or the proxy's URL.
  ProxyLogin(const Settings::Proxy& settings, bool has_user);

  /// CURLAUTH_* bits for the next try.
  unsigned long schemes() const;
  /// Whether the next try needs an empty user name, which libcurl wants for Negotiate with a ticket.
  bool without_user() const { return !has_user_; }
  /// The proxy answered 407 and offers the schemes of this CURLAUTH_* mask: the one just tried is done with.
  /// False when nothing is left to try.
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
