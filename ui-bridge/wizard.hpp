// SPDX-License-Identifier: MIT
// The wizard: which screen is shown, what a person may do there, and which jobs that starts. It knows no HTTP
// and no process; its host does both. Only these functions change the model, so page, tabs and reloads all
// see one truth.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"
#include "model.hpp"
#include "renewal/policy/record.hpp"

namespace koshin::ui {

/// What the wizard needs from its surroundings.
class WizardHost {
 public:
  virtual ~WizardHost() = default;
  /// One at a time. Its events come back through Wizard::on_event; the last one is final.
  virtual void start_job(messages::Job job, std::vector<SecureBuffer> secrets) = 0;
  virtual void stop_job() = 0;
  /// To a job that is ready and waits (messages::ReadyEvent): the person has said yes; or will not.
  virtual void go() = 0;
  virtual void let_go() = 0;
  /// The model has changed: show it.
  virtual void changed() = 0;
  /// The model says how it ended; show the last page and leave.
  virtual void finished() = 0;
  /// Remembers that the person is to be asked another time; what kept it from that, if anything did.
  virtual std::optional<Failure> snooze(const messages::TokenReport& token) = 0;
  /// The page is about another token from here on.
  virtual void went_on(const std::string& token_uri) = 0;
  virtual std::optional<renewal::Record> unfinished(const renewal::TokenKey& token) = 0;
  virtual std::optional<renewal::TokenMemory> memory(const renewal::TokenKey& token) = 0;
  /// The latest records about the token; nothing when they cannot be read.
  virtual std::optional<std::vector<renewal::Record>> records(const renewal::TokenKey& token) = 0;
  virtual TimePoint now() = 0;
};

/// Why the wizard was opened, as the agent said.
struct Occasion {
  std::string token_uri;  ///< empty: whichever token needs it
  std::string slot;       ///< of two tokens with the same URI the one with this description of its slot
  std::string certificate_sha256;  ///< empty: the one that is due
  std::string reason;              ///< a Decision's name ("due", "expired"…), may be empty
  std::string settings_file;       ///< handed to the worker
  std::string bank;                ///< whose page it is, of several; so is what is handed to the worker
};

/// What a person did: the button's name and, where there is one, the choice made.
struct Action {
  std::string name;
  std::string token_uri, key;  ///< "execute"
  std::string user;            ///< "start_enrollment" on a token that says nothing of its user
  bool checked = false;        ///< "next" on the notice: remind me next time; "confirm_final_try"
};

class Wizard {
 public:
  Wizard(WizardHost& host, const Settings& settings, Occasion occasion);
  /// Before open(): there is another occasion by now.
  void set_occasion(Occasion occasion) { occasion_ = std::move(occasion); }

  void open();
  /// False when the screen does not know this action (a stale tab, a double click): nothing was changed.
  bool act(const Action& action);
  /// The PIN; starts what the screen is for. False where none is asked for.
  bool enter_pin(SecureBuffer pin);
  bool enter_passphrase(SecureBuffer passphrase);
  bool enter_code(SecureBuffer code);
  void on_event(const messages::Event& event);
  void on_token_removed();
  /// Nobody has done anything for the idle time, or the page was left; no job runs.
  void end(Outcome outcome);
  void warn_idle(std::optional<long> seconds_left);

  const Model& model() const { return model_; }
  bool job_running() const { return running_ != Running::nothing; }
  bool needs_passphrase() const;
  /// A re-issue onto a token without a certificate that says whose it is.
  bool needs_user() const { return model_.task == Task::enroll && !model_.certificate; }

 private:
  enum class Running { nothing, inspecting, refreshing, looking, unlocking, renewing, deleting, giving_up };
  struct Rule;

  void show(Screen screen);
  /// The model has changed: whatever follows from the rest of it is put right, and the host hears of it.
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
  // jobs
  messages::Job job(messages::JobKind kind) const;
  void run(Running what, messages::Job job, bool with_secrets);
  void inspect(bool only_named);
  void unlock();
  void look_with_pin();
  void renew();
  void let_ready_go();
  void remove_old();
  // how jobs end
  void on_step(const messages::StepEvent& event);
  void on_notice(const messages::NoticeEvent& event);
  void on_final(const messages::Event& event);
  void inspected(const messages::Event& event);
  void refreshed(const messages::Event& event);
  void unlocked(const messages::Event& event);
  void looked(const messages::Event& event);
  void on_ready();
  void show_pending(const messages::PendingResult& pending);
  void renewed(const messages::Event& event);
  void offer_deletion_after(const messages::RenewResult& result);
  void deleted(const messages::Event& event);
  void given_up(const messages::Event& event);
  void fail_with(Failure failure);
  void retry_pin(Failure failure);
  void wipe_secrets();
  /// Shows why what was entered is not used, if there is a reason.
  bool refuse(std::optional<Failure> why);
  void open_screen_for_token();
  void open_screen(const Occasion& occasion);
  void after_unlock();
  void begin_steps();
  void finish(Outcome outcome);
  void find_others();

  WizardHost& host_;
  const Settings& settings_;
  Occasion occasion_;
  Model model_;
  Running running_ = Running::nothing;
  /// A worker that has checked everything waits for the person's yes, with the token logged in and this key
  /// type. It may be gone by the time that is said: then there is another job.
  std::optional<std::string> ready_for_key_;
  bool cancelled_ = false, asked_for_named_token_ = false, noticed_ = false, straight_on_ = false,
       insists_ = false, token_gone_ = false;
  SecureBuffer pin_, passphrase_, code_;
  std::vector<std::pair<std::string, std::string>>
      shown_;  ///< URI and slot of the tokens this page was about
};

}  // namespace koshin::ui
