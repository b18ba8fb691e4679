// SPDX-License-Identifier: MIT
// A proxy that asks who is there: the person is asked, and the job that met the proxy follows again.
#pragma once

#include "entered_proxy_login.hpp"
#include "flow.hpp"

namespace koshin::ui {

class ProxyFlow : public Flow {
 public:
  /// `login` outlives this.
  ProxyFlow(const Flow& shared, EnteredProxyLogin& login) : Flow(shared), login_(login) {}

  /// Asks the person where a job has met a proxy that a person can answer: false where it has not. The
  /// secrets stay for the next try.
  bool asks_after(const messages::Event& end);
  bool enter_password(SecureBuffer password);
  /// Takes the user, with the password that was entered before. True where the PIN is still at hand, with
  /// which the screen `unlock` goes on.
  bool answer(const Action& action);

 private:
  EnteredProxyLogin& login_;
};

}  // namespace koshin::ui
