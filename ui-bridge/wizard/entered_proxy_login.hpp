// SPDX-License-Identifier: MIT
// Whom the person names to a proxy that asks who is there: the password as it is typed, and user and password
// for all jobs of the wizard that may meet the proxy.
#pragma once

#include <string>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"
#include "model.hpp"
#include "renewal/policy/proxy_login.hpp"

namespace koshin::ui {

class EnteredProxyLogin {
 public:
  /// `shown`: the model, of which has_proxy_password belongs to this; both outlive this.
  EnteredProxyLogin(Model& shown, const Settings& settings) : shown_(shown), settings_(settings) {}

  /// Whether a job that has ended like this met a proxy that a person can answer.
  bool is_asked_by(const Failure& end) { return login_.asked_by(end, settings_.proxy); }
  void take_password(SecureBuffer password);
  void drop_password();
  /// Takes the user, and the password that was entered before, for the proxy that asked last; false while one
  /// of them is missing.
  bool answer(const std::string& user);
  /// Copies the password into `frames` for a job that may meet a proxy, and names it in the job.
  void give_to(messages::Job& job, std::vector<SecureBuffer>& frames) const;
  /// Wipes user and password.
  void forget();

 private:
  Model& shown_;
  const Settings& settings_;
  SecureBuffer password_;  ///< entered, and not in login_ yet
  renewal::TypedProxyLogin login_;
};

}  // namespace koshin::ui
