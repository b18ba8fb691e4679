// SPDX-License-Identifier: MIT
// The wizard: hands what a person does, and what jobs tell, to the flow that it concerns (flow.hpp), and ends
// the conversation. HTTP and processes are left to its host. Only the wizard and its parts change the model,
// so that page, tabs and reloads show the same state.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "action.hpp"
#include "check_flow.hpp"
#include "deletion_flow.hpp"
#include "entered_proxy_login.hpp"
#include "entered_secrets.hpp"
#include "failure_flow.hpp"
#include "flow.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"
#include "giving_up_flow.hpp"
#include "job_orders.hpp"
#include "job_run.hpp"
#include "model.hpp"
#include "occasion.hpp"
#include "opening_flow.hpp"
#include "pin_flow.hpp"
#include "presenter.hpp"
#include "proxy_flow.hpp"
#include "reissue_flow.hpp"
#include "renewal_flow.hpp"
#include "renewal_progress.hpp"
#include "store_checks.hpp"
#include "unlock_flow.hpp"
#include "wizard_host.hpp"

namespace koshin::ui {

class Wizard final : private FlowExits {
 public:
  Wizard(WizardHost& host, const Settings& settings, Occasion occasion);
  Wizard(const Wizard&) = delete;
  Wizard& operator=(const Wizard&) = delete;
  /// Replaces the occasion before open().
  void set_occasion(Occasion occasion) { occasion_ = std::move(occasion); }

  void open();
  /// Performs an action. False when the screen does not have it (a stale tab, a double click): nothing was
  /// changed.
  bool act(const Action& action);
  // What a person enters: false where the screen does not ask for it. A secret that is refused, which the
  // screen then says, was asked for.
  bool enter_pin(SecureBuffer pin) { return unlock_.enter_pin(std::move(pin)); }
  bool enter_passphrase(SecureBuffer passphrase) { return unlock_.enter_passphrase(std::move(passphrase)); }
  bool enter_code(SecureBuffer code) { return reissue_.enter_code(std::move(code)); }
  /// The password for the proxy; the user name follows with the action "use_proxy_login".
  bool enter_proxy_password(SecureBuffer password) { return proxy_.enter_password(std::move(password)); }
  /// The PUK or the security officer's PIN, with which a new PIN is set.
  bool enter_resetting_secret(SecureBuffer secret) { return pin_.enter_resetting_secret(std::move(secret)); }
  /// After the PIN as it is or the resetting secret.
  bool enter_new_pin(SecureBuffer new_pin) { return pin_.enter_new_pin(std::move(new_pin)); }

  void on_event(const messages::Event& event);
  /// Ends the wizard, but for a job that finds out by itself, and for a screen that asks for the removal.
  void on_token_removed();
  /// The system's store is asked for a renewed certificate; it has answered (empty: it could not be read).
  void store_is_asked(const std::string& sha256);
  void store_has_told(const std::string& sha256, const std::optional<renewal::StoreFinding>& found);
  /// Programs of the administrator's that failed after a renewal, by their names.
  void on_hooks_failed(const std::vector<std::string>& names);
  /// Ends the wizard: the idle time has passed, or the page was left; no job runs.
  void end(Outcome outcome);
  void warn_idle(std::optional<long> seconds_left);

  const Model& model() const { return model_; }
  bool job_running() const { return jobs_.is_running(); }

 private:
  struct Rule;
  /// What each button does, a row for each.
  static std::span<const Rule> rules();

  // FlowExits
  void fail_with(Failure failure) override { failing_.fail_with(std::move(failure)); }
  void ask_pin_again(Failure failure) override { failing_.ask_pin_again(std::move(failure)); }
  void start_anew() override { opening_.start_anew(); }
  void decide_anew() override { opening_.decide_anew(); }
  void finish(Outcome outcome) override;

  void close();
  void use_proxy_login(const Action& action);

  WizardHost& host_;
  Occasion occasion_;
  Model model_;
  EnteredSecrets secrets_{model_};
  EnteredProxyLogin proxy_login_;
  JobRun jobs_;
  JobOrders orders_{model_, occasion_};
  RenewalProgress progress_{model_};
  StoreChecks store_{model_.store};
  Presenter presenter_;
  // The flows, each after those that it hands over to itself.
  Flow shared_;
  ReissueFlow reissue_{shared_};
  ProxyFlow proxy_{shared_, proxy_login_};
  DeletionFlow deletion_{shared_};
  GivingUpFlow giving_up_{shared_};
  CheckFlow check_{shared_};
  RenewalFlow renewal_{shared_, reissue_, proxy_, deletion_, progress_};
  UnlockFlow unlock_{shared_, renewal_, deletion_};
  PinFlow pin_{shared_, unlock_};
  OpeningFlow opening_{shared_, occasion_, renewal_, pin_};
  FailureFlow failing_{shared_, pin_, reissue_};
};

}  // namespace koshin::ui
