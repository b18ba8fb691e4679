// SPDX-License-Identifier: MIT
// Whom a person names to a proxy that asks who is there, and whether the person is asked. Command line and
// page use this and nothing else.
#pragma once

#include <string>
#include <vector>

#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::renewal {

/// How often a person is asked at most, in one command or on one page: a directory may lock an account after
/// some wrong passwords.
inline constexpr int most_proxy_logins = 2;

/// User and password of a person for proxies, in one command or on one page. They count at the proxies for
/// which they were entered and at no other: what names the proxies, a script or the desktop, may name another
/// one for the next job, and a password that was meant for the first would be sent to it.
class TypedProxyLogin {
 public:
  /// Takes the end of a job. True: it is a proxy's question, and a person is to be asked; answer() follows.
  /// What a proxy has refused is forgotten. False, and nothing is forgotten, for any other failure. A proxy
  /// that takes a ticket alone (proxy.authentication) is no question for a person.
  bool asked_by(const Failure& failure, const Settings::Proxy& settings);
  /// What the person has entered for the proxy that asked last. The same user and password as for an earlier
  /// proxy count at both; others take the place of those.
  void answer(std::string user, SecureBuffer password);
  /// Wipes user and password; how often a person was asked still counts.
  void forget() noexcept;

  bool empty() const { return proxies_.empty(); }
  /// Has the job present them: its members, without `secrets`.
  void put_into(messages::Job& job) const;
  const SecureBuffer& password() const { return password_; }

 private:
  std::string user_;
  SecureBuffer password_;
  std::vector<std::string> proxies_;  ///< as Failure::proxy
  std::string asking_;                ///< the proxy that asked last
  int answers_ = 0;
};

}  // namespace koshin::renewal
