// SPDX-License-Identifier: MIT
// The wizard: which screen comes next after what a person does and after the end of each job. What is entered
// (entered_secrets.hpp), a new PIN (pin_setting.hpp), a re-issue (reissue.hpp), several certificates
// (sitting_progress.hpp), the steps (renewal_progress.hpp) and the messages to the worker (job_orders.hpp)
// are classes of their own; HTTP and processes are left to its host. Only these change the model, so that
// page, tabs and reloads show the same state.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entered_secrets.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"
#include "job_orders.hpp"
#include "model.hpp"
#include "occasion.hpp"
#include "pin_setting.hpp"
#include "reissue.hpp"
#include "renewal/policy/proxy_login.hpp"
#include "renewal/policy/record.hpp"
#include "renewal/policy/store_check.hpp"
#include "renewal_progress.hpp"
#include "sitting_progress.hpp"

namespace koshin::ui {

/// The functions that the wizard needs from the application.
class WizardHost {
 public:
  virtual ~WizardHost() = default;
  /// Starts a job, one at a time. Its events return through Wizard::on_event; the last one is final.
  virtual void start_job(messages::Job job, std::vector<SecureBuffer> secrets) = 0;
  virtual void stop_job() = 0;
  /// For a job that is ready (messages::ReadyEvent): the person has confirmed, or has not.
  virtual void go() = 0;
  virtual void let_go() = 0;
  /// Shows the changed model.
  virtual void changed() = 0;
  /// Shows the last page, with the outcome in the model, and ends.
  virtual void finished() = 0;
  /// Stores that the person wants to be asked later; returns the failure, if any.
  virtual std::optional<Failure> snooze(const messages::TokenReport& token) = 0;
  /// The page handles another token from here on.
  virtual void went_on(const std::string& token_uri) = 0;
  /// The latest unfinished record that belongs to the token (renewal::unfinished_on()).
  virtual std::optional<renewal::Record> unfinished(const messages::TokenReport& token) = 0;
  virtual std::optional<renewal::TokenMemory> memory(const renewal::TokenKey& token) = 0;
  /// The latest records of the token; empty when they cannot be read.
  virtual std::optional<std::vector<renewal::Record>> records(const renewal::TokenKey& token) = 0;
  virtual TimePoint now() = 0;
};

/// A person's action: the button's name and the choices made, if any.
struct Action {
  std::string name;
  std::string token_uri, key;  ///< "execute"
  std::string user;      ///< "start_enrollment" on a token that does not identify its user; "use_proxy_login"
  bool checked = false;  ///< "next" on the notice: remind me next time; "confirm_final_try"
};

class Wizard {
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
  /// Takes the PIN and starts the screen's job. False when no PIN is asked for.
  bool enter_pin(SecureBuffer pin);
  bool enter_passphrase(SecureBuffer passphrase);
  bool enter_code(SecureBuffer code);
  /// The password for the proxy; the user name follows with the action "use_proxy_login".
  bool enter_proxy_password(SecureBuffer password);
  /// The PUK or the security officer's PIN, with which a new PIN is set.
  bool enter_resetting_secret(SecureBuffer secret);
  /// Takes the new PIN, after the PIN as it is or the resetting secret, and sets it.
  bool enter_new_pin(SecureBuffer new_pin);
  void on_event(const messages::Event& event);
  /// Ends the wizard, but for a job that finds out by itself, and for a screen that asks for the removal.
  void on_token_removed();
  /// wizard_store.cpp: the system's store is asked for a renewed certificate; it has answered (empty: it
  /// could not be read).
  void store_is_asked(const std::string& sha256);
  void store_has_told(const std::string& sha256, const std::optional<renewal::StoreFinding>& found);
  /// Programs of the administrator's that failed after a renewal, by their names.
  void on_hooks_failed(const std::vector<std::string>& names);
  /// Ends the wizard: the idle time has passed, or the page was left; no job runs.
  void end(Outcome outcome);
  void warn_idle(std::optional<long> seconds_left);

  const Model& model() const { return model_; }
  bool job_running() const { return running_ != Running::nothing; }
  bool needs_passphrase() const;

 private:
  enum class Running {
    nothing,
    inspecting,
    refreshing,
    looking,
    unlocking,
    renewing,
    deleting,
    giving_up,
    checking,
    setting_pin
  };
  struct Rule;

  void show(Screen screen);
  /// Fills what the screen of a renewal that is not complete says of the journal's record.
  void look_at_unfinished(Screen screen);
  /// Updates the derived parts of the model and informs the host.
  void tell();
  // what a person does, one function for each button
  void next_from_notice(const Action& action);
  void execute(const Action& action);
  void back_to_start(const Action& action);
  bool may_try_on_reader() const;
  void confirm_final_try(const Action& action);
  void unlock_on_reader(const Action& action);
  void cancel(const Action& action);
  void close(const Action& action);
  void offer_deletion(const Action& action);
  void confirm_deletion(const Action& action);
  void keep_old(const Action& action);
  void delete_on_reader(const Action& action);
  void offer_giving_up(const Action& action);
  void keep_renewal(const Action& action);
  void give_up(const Action& action);
  void insist(const Action& action);
  void ask_again(const Action& action);
  void to_reissue(const Action& action);
  void next_token(const Action& action);
  void start_enrollment(const Action& action);
  void look_again(const Action& action);
  void check_computer(const Action& action);
  void use_proxy_login(const Action& action);
  // a new PIN: wizard_pin.cpp
  void to_pin_change(const Action& action);
  void to_pin_reset(const Action& action);
  void leave_pin(const Action& action);
  void set_pin_on_reader(const Action& action);
  void prepare_pin_change(bool required);
  void require_pin_change();
  void set_pin();
  void pin_was_set(const messages::Event& event);
  void go_on_with_new_pin();
  /// Continues on `unlock` with the PIN at hand.
  void use_pin();
  // jobs
  void run(Running what, messages::Job job, bool with_secrets);
  void inspect(bool only_named);
  void unlock();
  void look_with_pin();
  void renew();
  void let_ready_go();
  void remove_old();
  // how jobs end
  void on_final(const messages::Event& event);
  void inspected(const messages::Event& event);
  void refreshed(const messages::Event& event);
  void unlocked(const messages::Event& event);
  void looked(const messages::Event& event);
  void on_ready();
  void show_pending(const messages::PendingResult& pending);
  void renewed(const messages::Event& event);
  void offer_deletion_after(const messages::RenewResult& result);
  void note_in_browsers(const messages::RenewResult& result);
  // several certificates with one PIN: wizard_sitting.cpp
  void plan_sitting();
  void note_in_sitting(const messages::Event& event);
  bool go_on_with_sitting(const messages::Event& event);
  bool show_sitting();
  /// Why the person with the PIN cannot make or delete keys on this token; empty: the person can.
  std::optional<Failure> why_administrators_alone() const;
  void deleted(const messages::Event& event);
  void given_up(const messages::Event& event);
  void checked(const messages::Event& event);
  void fail_with(Failure failure);
  void retry_pin(Failure failure);
  /// Whether a person can answer the proxy, who is then asked; the secrets stay for the next try.
  bool ask_proxy_login(const messages::Event& event);
  void drop_proxy_password();
  void forget_proxy_login();
  /// Shows why an entered secret is not used, if so.
  bool refuse(std::optional<Failure> why);
  void open_screen_for_token();
  void open_screen(const Occasion& occasion);
  void after_unlock();
  void finish(Outcome outcome);
  void find_others();
  bool asks_for_token_anew() const;

  WizardHost& host_;
  const Settings& settings_;
  Occasion occasion_;
  Model model_;
  Running running_ = Running::nothing;
  /// The key type of a worker that has made all checks and waits for the person's confirmation, logged in.
  /// The worker may have ended by then; a new job follows in that case.
  std::optional<std::string> ready_for_key_;
  bool cancelled_ = false, asked_for_named_token_ = false, noticed_ = false, straight_on_ = false,
       insists_ = false, token_gone_ = false;
  EnteredSecrets secrets_{model_};
  Reissue reissue_{model_, secrets_};
  PinSetting pin_setting_{model_.pin_change, secrets_, settings_};
  SittingProgress sitting_{model_.sitting, settings_};
  RenewalProgress progress_{model_};
  JobOrders orders_{model_, occasion_};
  SecureBuffer proxy_password_;           ///< entered, and not in proxy_login_ yet
  renewal::TypedProxyLogin proxy_login_;  ///< for all jobs of this wizard
  std::vector<std::pair<std::string, std::string>>
      shown_;  ///< URI and slot of the tokens that this page has handled
};

}  // namespace koshin::ui
