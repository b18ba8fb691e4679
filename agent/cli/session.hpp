// SPDX-License-Identifier: MIT
// What one run of koshin works with: the command line, the settings, the console; and how it runs a worker.
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
  Settings settings;  ///< of the bank that the command is about; of several, the base
  TimePoint now{};
};

/// The secrets of one job, in the order in which the job announces them.
class Secrets {
 public:
  void add(messages::SecretKind kind, SecureBuffer secret) { entries_.emplace_back(kind, std::move(secret)); }
  bool has(messages::SecretKind kind) const;
  std::vector<messages::SecretKind> kinds() const;
  std::vector<const SecureBuffer*> views() const;

 private:
  std::vector<std::pair<messages::SecretKind, SecureBuffer>> entries_;
};

/// By --settings or the standard chain.
SettingsSources settings_sources(const Arguments& arguments);
/// From there. Throws what load_deployment throws, but for `config check`.
Deployment load_settings_for(const Arguments& arguments);
/// Of that, what the command works by. Throws UsageError where --bank names none of the banks.
Settings settings_of_command(const Arguments& arguments, const Deployment& deployment);

/// A job with what the command line says of settings, module, token and certificate.
messages::Job job_for(const Session& session, messages::JobKind kind);
/// Runs it and returns its final event; a Failure is thrown as FailureError.
messages::Event run_worker(const Session& session, messages::Job job, const Secrets& secrets,
                           const std::function<void(const messages::Event&)>& on_event);
/// The result of a job as the type it must have. Throws the Failure that the job ended with, and
/// FailureError{worker_failed} when it is another result.
template <typename Result>
Result result_of(messages::Event event) {
  if (auto* failure = std::get_if<Failure>(&event)) throw FailureError(std::move(*failure));
  if (auto* result = std::get_if<Result>(&event)) return std::move(*result);
  fail(Reason::worker_failed, "the worker ended with an answer that does not belong to the job");
}
/// The tokens that --token and --module leave. No PIN.
messages::InspectResult inspect(const Session& session);
/// Those that a job may be for: without --token, the ones that token.uri of the settings describes. No PIN.
messages::InspectResult inspect_eligible(const Session& session);

}  // namespace koshin::cli
