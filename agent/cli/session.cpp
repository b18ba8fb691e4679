// SPDX-License-Identifier: MIT
// Settings, and jobs for the worker.
#include "cli/session.hpp"

#include "cli/bank_choice.hpp"

#include <algorithm>

#include "cli/usage.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/base/text.hpp"
#include "foundation/jobs/job_runner.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/policy/meant_token.hpp"

namespace koshin::cli {
namespace {

/// The worker has its own deadline and reports more about it; this margin is for a worker that cannot.
constexpr std::chrono::seconds deadline_margin{10};

}  // namespace

bool Secrets::has(messages::SecretKind kind) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const auto& entry) { return entry.first == kind; });
}

const SecureBuffer* Secrets::find(messages::SecretKind kind) const {
  const auto found = std::ranges::find(entries_, kind, [](const auto& entry) { return entry.first; });
  return found == entries_.end() ? nullptr : &found->second;
}

void Secrets::set(messages::SecretKind kind, SecureBuffer secret) {
  const auto found = std::ranges::find(entries_, kind, [](const auto& entry) { return entry.first; });
  if (found == entries_.end()) return add(kind, std::move(secret));
  found->second = std::move(secret);
}

SecureBuffer Secrets::take(messages::SecretKind kind) {
  const auto found = std::ranges::find(entries_, kind, [](const auto& entry) { return entry.first; });
  if (found == entries_.end()) return SecureBuffer();
  SecureBuffer secret = std::move(found->second);
  entries_.erase(found);
  return secret;
}

std::vector<messages::SecretKind> Secrets::kinds() const {
  std::vector<messages::SecretKind> kinds;
  for (const auto& entry : entries_) kinds.push_back(entry.first);
  return kinds;
}

std::vector<const SecureBuffer*> Secrets::views() const {
  std::vector<const SecureBuffer*> views;
  for (const auto& entry : entries_) views.push_back(&entry.second);
  return views;
}

SettingsSources settings_sources(const Arguments& arguments) {
  SettingsSources sources = SettingsSources::standard();
  if (!arguments.settings_file.empty()) sources.only = path_of(arguments.settings_file);
  return sources;
}

Settings settings_of_command(const Arguments& arguments, const Deployment& deployment) {
  if (arguments.bank.empty() || deployment.find(arguments.bank) != nullptr)
    return settings_for(deployment, arguments.bank);
  const std::vector<std::string> names = deployment.names();
  throw UsageError(arguments.language, texts::cli_usage_unknown_bank, {names.empty() ? "-" : joined(names)});
}

namespace {

/// Requires --module to be one of the settings' modules; the worker reports settings without modules.
void check_module_is_set(const Session& session) {
  const std::string& named = session.arguments.module;
  const auto& there = session.settings.token.modules;
  if (named.empty() || there.empty() || std::ranges::find(there, named) != there.end()) return;
  throw UsageError(session.console.language(), texts::cli_usage_unknown_module, {named, joined(there)});
}

}  // namespace

messages::Job job_for(const Session& session, messages::JobKind kind) {
  check_module_is_set(session);
  messages::Job job;
  job.kind = kind;
  job.settings_file = session.arguments.settings_file;
  job.bank = session.settings.bank();
  job.module = session.arguments.module;
  job.token_uri = session.arguments.token_uri;
  job.certificate_sha256 = session.arguments.certificate;
  job.insist_count_low = session.arguments.insist_count_low;
  job.insist_final_try = session.arguments.insist_final_try;
  return job;
}

messages::Event run_worker(const Session& session, messages::Job job, const Secrets& secrets,
                           const std::function<void(const messages::Event&)>& on_event) {
  session.interrupt.check();
  job.secrets = secrets.kinds();
  auto worker = session.workers.start();
  const auto deadline = session.settings.renewal.job_deadline + deadline_margin;
  auto event = run_job_in(*worker, job, secrets.views(), on_event, deadline, session.interrupt.token());
  session.workers.leave(std::move(worker));
  return event;
}

messages::InspectResult inspect(const Session& session) {
  return result_of<messages::InspectResult>(
      run_worker(session, job_for(session, messages::JobKind::inspect), {}, [](const messages::Event&) {}));
}

messages::InspectResult inspect_eligible(const Session& session) {
  messages::Job job = job_for(session, messages::JobKind::inspect);
  // With several banks the base settings say nothing about the tokens of the others.
  if (job.token_uri.empty() && !bank_is_open(session))
    job.token_uri = renewal::meant_token_uri(session.settings);
  return result_of<messages::InspectResult>(
      run_worker(session, std::move(job), {}, [](const messages::Event&) {}));
}

}  // namespace koshin::cli
