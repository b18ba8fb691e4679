// SPDX-License-Identifier: MIT
// The context of one run of koshin: command line, settings, console; and the execution of workers.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/console.hpp"
#include "cli/interrupt.hpp"
#include "cli/workers.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"

namespace koshin::cli {

struct Session {
  const Arguments& arguments;
  const Console& console;
  const Interrupt& interrupt;
  Workers& workers;
  Deployment deployment{};
  Settings settings;  ///< of the command's bank; the base where there are several banks
  TimePoint now{};
};

/// The secrets of one job, in the order of Job::secrets.
class Secrets {
 public:
  void add(messages::SecretKind kind, SecureBuffer secret) { entries_.emplace_back(kind, std::move(secret)); }
  bool has(messages::SecretKind kind) const;
  /// The secret of this kind; null where there is none.
  const SecureBuffer* find(messages::SecretKind kind) const;
  /// Replaces the secret of this kind, or adds it.
  void set(messages::SecretKind kind, SecureBuffer secret);
  /// Removes the secret of this kind; empty where there is none.
  SecureBuffer take(messages::SecretKind kind);
  std::vector<messages::SecretKind> kinds() const;
  std::vector<const SecureBuffer*> views() const;

 private:
  std::vector<std::pair<messages::SecretKind, SecureBuffer>> entries_;
};

/// The sources by --settings, or the standard chain.
SettingsSources settings_sources(const Arguments& arguments);
/// The settings that the command uses. Throws UsageError when --bank names an unknown bank.
Settings settings_of_command(const Arguments& arguments, const Deployment& deployment);

/// A job with the command line's settings, module, token and certificate.
messages::Job job_for(const Session& session, messages::JobKind kind);
/// Runs a job and returns its final event; a Failure is thrown as FailureError.
messages::Event run_worker(const Session& session, messages::Job job, const Secrets& secrets,
                           const std::function<void(const messages::Event&)>& on_event);
/// The result of a job as its expected type. Throws the Failure that the job ended with, and
/// FailureError{worker_failed} for another result.
template <typename Result>
Result result_of(messages::Event event) {
  if (auto* failure = std::get_if<Failure>(&event)) throw FailureError(std::move(*failure));
  if (auto* result = std::get_if<Result>(&event)) return std::move(*result);
  fail(Reason::worker_failed, "the worker ended with an answer that does not belong to the job");
}
/// The tokens that match --token and --module. Without a PIN.
messages::InspectResult inspect(const Session& session);
/// The tokens that a job may be for: without --token, those that token.uri of the settings matches. Without a
/// PIN.
messages::InspectResult inspect_eligible(const Session& session);

}  // namespace koshin::cli
