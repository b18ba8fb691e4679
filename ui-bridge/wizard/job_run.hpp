// SPDX-License-Identifier: MIT
// The job that runs, of which there is one at a time: who is told how it ends, the worker that has checked
// everything and waits for the person, and a token that is pulled out meanwhile.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "entered_proxy_login.hpp"
#include "entered_secrets.hpp"
#include "foundation/jobs/messages.hpp"
#include "model.hpp"
#include "wizard_host.hpp"

namespace koshin::ui {

class JobRun {
 public:
  /// Called once: with the final event, or with messages::ReadyEvent where the job waits for the person.
  using End = std::function<void(const messages::Event&)>;
  enum class Secrets { none, entered };

  /// `shown`: the model, of which busy belongs to this; all outlive this.
  JobRun(JobHost& host, Model& shown, const EnteredSecrets& secrets, const EnteredProxyLogin& proxy_login)
      : host_(host), shown_(shown), secrets_(secrets), proxy_login_(proxy_login) {}

  /// Starts a job, with the secrets of its kind (`entered`), in place of a worker that is ready.
  void start(messages::Job job, Secrets secrets, End end);
  /// Has the ready worker do what it has checked; false where none is ready, or it has checked another key
  /// type. The worker may have ended by then: the final event then says that nothing was done.
  bool go_on(const std::string& key, End end);
  void let_ready_go();
  void stop() { host_.stop_job(); }
  /// Nobody is told any more how the running job ends; a ready worker is let go, now or when it is ready.
  void abandon();
  /// Any event of the jobs.
  void on_event(const messages::Event& event);
  /// A ready worker is none: waiting for the person is idleness.
  bool is_running() const { return running_; }

  /// The token was pulled out. True where the running job detects that itself, and then knows what was done:
  /// which steps, and which PIN counts. Any other running job is stopped.
  bool token_was_removed();
  bool token_is_gone() const { return token_gone_; }
  /// The next look at the tokens tells whether it is back.
  void forget_removal() { token_gone_ = false; }

 private:
  void runs(End end);

  JobHost& host_;
  Model& shown_;
  const EnteredSecrets& secrets_;
  const EnteredProxyLogin& proxy_login_;
  bool running_ = false;
  End end_;
  std::string key_;                           ///< the key type of the job that was started last
  bool awaits_go_ = false;                    ///< that job will be ready, and do nothing before it is told to
  bool detects_removal_ = false;              ///< of the running job
  std::optional<std::string> ready_for_key_;  ///< the key type of the ready worker, which is logged in
  bool token_gone_ = false;
};

}  // namespace koshin::ui
