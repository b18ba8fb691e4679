// SPDX-License-Identifier: MIT
// A flow is one part of the conversation: some screens, what their buttons do, and the jobs that they start.
// Flows share the model and the few classes below; where one of them ends, the wizard goes on (FlowExits).
#pragma once

#include <optional>
#include <utility>

#include "action.hpp"
#include "entered_secrets.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/settings/settings.hpp"
#include "job_orders.hpp"
#include "job_run.hpp"
#include "model.hpp"
#include "presenter.hpp"
#include "wizard_host.hpp"

namespace koshin::ui {

/// Where the conversation goes on when a flow has ended.
class FlowExits {
 public:
  virtual void fail_with(Failure failure) = 0;
  /// The present screen asks for the PIN again, with what the token says of it now.
  virtual void ask_pin_again(Failure failure) = 0;
  /// All tokens are looked at again, with nothing entered.
  virtual void start_anew() = 0;
  /// The token shows, with the PIN, what supersedes the agent's decision: the screen for it.
  virtual void decide_anew() = 0;
  virtual void finish(Outcome outcome) = 0;

 protected:
  ~FlowExits() = default;
};

class Flow {
 public:
  /// All outlive this.
  Flow(Model& model, const Settings& settings, WizardHost& host, Presenter& presenter,
       EnteredSecrets& secrets, JobRun& jobs, const JobOrders& orders, FlowExits& exits)
      : model_(model),
        settings_(settings),
        host_(host),
        presenter_(presenter),
        secrets_(secrets),
        jobs_(jobs),
        orders_(orders),
        exits_(exits) {}

 protected:
  void show(Screen screen) { presenter_.show(screen); }
  /// Shows the screen, and no failure of an earlier try.
  void show_afresh(Screen screen);
  void tell() { presenter_.tell(); }
  bool refuse(std::optional<Failure> why) { return presenter_.refuse(std::move(why)); }
  void run(messages::Job job, JobRun::Secrets secrets, JobRun::End end);
  /// Why the person with the PIN cannot make or delete keys on this token; empty: the person can.
  std::optional<Failure> why_administrators_alone() const;

  Model& model_;
  const Settings& settings_;
  WizardHost& host_;
  Presenter& presenter_;
  EnteredSecrets& secrets_;
  JobRun& jobs_;
  const JobOrders& orders_;
  FlowExits& exits_;
};

/// The failure that a job has ended with; where it told neither a result nor a failure, one that says so.
Failure failure_of(const messages::Event& end, const char* without_result);
/// Whether another PIN, or a second attempt by the person, may resolve the failure.
bool is_about_pin(Reason reason);

}  // namespace koshin::ui
