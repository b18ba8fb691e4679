// SPDX-License-Identifier: MIT
// Reads a job, runs it and reports its result.
#include "worker/run_one_job.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "card_service/held_cards.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/jobs/secrets_frame.hpp"
#include "foundation/log/log.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/settings/settings.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/standard_streams.hpp"
#include "renewal/jobs/jobs.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/token/failure_translation.hpp"
#include "renewal/token/stored_pin.hpp"
#include "worker/go_ahead.hpp"

namespace koshin::worker {
namespace {

using messages::Event;
using messages::JobKind;
using messages::SecretKind;
using Secrets = std::map<SecretKind, SecureBuffer>;

constexpr std::chrono::seconds patience_for_job{30};
/// Added to the deadline while waiting for go_line: a worker that waits in vain logs off the token, unlike
/// one that is killed.
constexpr std::chrono::seconds margin_of_waiting{30};

/// The last check, which every secret passes.
void check_secret(SecretKind kind, const SecureBuffer& secret) {
  if (const std::string why = why_secret_is_no_text(secret.view()); !why.empty())
    fail(Reason::secret_unusable, std::string(messages::to_string(kind)) + ": " + why);
}

Secrets read_secrets(const messages::Job& job, JobInput& input) {
  Secrets secrets;
  for (const SecretKind kind : job.secrets) {
    SecureBuffer secret = input.secret_frame();
    check_secret(kind, secret);
    if (!secrets.emplace(kind, std::move(secret)).second) {
      fail(Reason::job_invalid,
           "the job announces the secret " + std::string(messages::to_string(kind)) + " twice");
    }
  }
  return secrets;
}

const SecureBuffer* find(const Secrets& secrets, SecretKind kind) {
  const auto found = secrets.find(kind);
  return found == secrets.end() ? nullptr : &found->second;
}

std::vector<std::span<const char>> views_of(const Secrets& secrets) {
  std::vector<std::span<const char>> views;
  for (const auto& [kind, secret] : secrets) views.push_back(secret.view());
  return views;
}

Deployment read_settings(const messages::Job& job) {
  auto sources = SettingsSources::standard();
  if (!job.settings_file.empty()) sources.only = path_of(job.settings_file);
  return load_deployment(sources);
}

/// Only an inspection concerns all banks at once.
bool is_for_all_banks(const messages::Job& job, const Deployment& deployment) {
  if (!job.bank.empty() || deployment.banks.size() == 1) return false;
  if (job.kind == JobKind::inspect) return true;
  fail(Reason::bank_ambiguous, "the settings have several banks, and the job is for none in particular");
}

/// The token of the base's bank does not concern the other banks.
void forget_token(Settings& base) {
  base.token.uri.clear();
  base.expect.token_uri.clear();
}

/// Whom the person has named to the proxies that have asked. Empty: nobody was asked.
std::optional<enrollment::ProxyCredential> proxy_credential_of(const messages::Job& job,
                                                               const Secrets& secrets) {
  const SecureBuffer* password = find(secrets, SecretKind::proxy_password);
  const bool none = job.proxy_user.empty();
  if (none != (password == nullptr) || none != job.proxies.empty())
    fail(Reason::job_invalid, "proxy_user, proxies and proxy_password go together");
  if (none) return {};
  return enrollment::ProxyCredential{job.proxy_user, password, job.proxies};
}

/// Reads the PIN of an unattended job here, so that no other process sees it.
void add_stored_pin(const messages::Job& job, const Settings& settings, Secrets& secrets) {
  if (!job.unattended || secrets.contains(SecretKind::pin)) return;
  if (auto pin = renewal::read_stored_pin(job, settings)) secrets.emplace(SecretKind::pin, std::move(*pin));
}

/// The deadline's last words are written by a signal handler: they have to be there beforehand. The newline
/// in front ends a line that was being written.
void set_deadline(std::chrono::seconds limit, const char* what, NativeHandle to) {
  static std::string last_words;
  hardening::set_deadline(std::chrono::seconds{0}, nullptr, to);
  const Failure failure{Reason::deadline_exceeded,
                        std::string(what) + " took longer than " + std::to_string(limit.count()) +
                            " s; what was reached is in the journal and the next run goes on from there",
                        {}};
  last_words = "\n" + messages::to_json(Event{failure}) + "\n";
  hardening::set_deadline(limit, last_words.c_str(), to);
}

Event run(const renewal::JobContext& context) {
  switch (context.job.kind) {
    case JobKind::inspect:
      return renewal::run_inspect(context);
    case JobKind::renew:
      return renewal::run_renew(context);
    case JobKind::enroll:
      return renewal::run_enroll(context);
    case JobKind::prune:
      return renewal::run_prune(context);
    case JobKind::cancel:
      return renewal::run_cancel(context);
    case JobKind::doctor:
      return renewal::run_doctor(context);
    case JobKind::change_pin:
      return renewal::run_change_pin(context);
    case JobKind::reset_pin:
      return renewal::run_reset_pin(context);
  }
  fail(Reason::job_invalid, "a job of an unknown kind");
}

/// Objects that are destroyed after the final event was written.
struct Resources {
  Deployment deployment;
  Settings settings;
  Secrets secrets;
  std::optional<enrollment::ProxyCredential> proxy_credential;  // refers to secrets
  std::unique_ptr<renewal::Journal> journal;
  std::vector<std::shared_ptr<pkcs11::Module>> modules;
};

/// What the worker of an unattended renewal says nobody reads, and a look at a token replaces nothing.
renewal::IfDamaged if_damaged(const messages::Job& job) {
  const bool replaces = !job.unattended && job.kind != messages::JobKind::inspect;
  return replaces ? renewal::IfDamaged::replace : renewal::IfDamaged::leave;
}

Event prepare_and_run(EventStream& events, ModuleOutput& output, std::stop_source& stop,
                      Resources& resources) {
  JobInput input(standard_handle(StandardStream::input));
  const auto job = messages::parse_job(input.job_line());
  resources.secrets = read_secrets(job, input);
  std::optional<GoAhead> go_ahead;
  if (job.await_go) go_ahead.emplace();
  close_input();
  resources.deployment = read_settings(job);
  const bool all_banks = is_for_all_banks(job, resources.deployment);
  resources.settings = settings_for(resources.deployment, job.bank);
  if (all_banks) forget_token(resources.settings);
  resources.proxy_credential = proxy_credential_of(job, resources.secrets);
  log::configure("koshin-worker", resources.settings.log.level);
  set_deadline(resources.settings.renewal.job_deadline, "the job", events.handle());
  add_stored_pin(job, resources.settings, resources.secrets);
  if (resources.settings.log.module_output) output.keep(views_of(resources.secrets));
  resources.journal =
      renewal::Journal::open_when_needed(paths::journal_file(), current_time, if_damaged(job));

  // Without a parent the present step is finished, and the job then stops.
  const auto emit = [&](const Event& event) {
    if (!events.write(event)) stop.request_stop();
  };
  const auto wait_for_go = [&] {
    set_deadline(messages::time_to_go + margin_of_waiting, "the wait for a go-ahead", events.handle());
    const bool go = go_ahead->wait(stop.get_token(), messages::time_to_go);
    set_deadline(resources.settings.renewal.job_deadline, "the job", events.handle());
    return go;
  };
  const renewal::JobContext context{job,
                                    resources.settings,
                                    *resources.journal,
                                    find(resources.secrets, SecretKind::pin),
                                    find(resources.secrets, SecretKind::security_officer_pin),
                                    find(resources.secrets, SecretKind::passphrase),
                                    find(resources.secrets, SecretKind::reissue_code),
                                    emit,
                                    current_time,
                                    stop.get_token(),
                                    wait_for_go,
                                    &resources.modules,
                                    all_banks ? &resources.deployment.banks : nullptr,
                                    find(resources.secrets, SecretKind::new_pin),
                                    find(resources.secrets, SecretKind::puk),
                                    &resources.deployment.banks,
                                    pcsc::readers_with_held_card,
                                    resources.proxy_credential ? &*resources.proxy_credential : nullptr};
  return run(context);
}

}  // namespace

int run_one_job(EventStream& events, ModuleOutput& output, std::stop_source& stop) noexcept {
  Resources resources;
  Event last;
  try {
    hardening::protect_process();
    set_deadline(patience_for_job, "reading the job", events.handle());
    last = prepare_and_run(events, output, stop, resources);
  } catch (const std::exception& error) {
    last = renewal::as_failure(error);
  }
  const auto* failure = std::get_if<Failure>(&last);
  const int exit_code = failure == nullptr ? 0 : failure->exit_code();
  events.write(last);
  output.tell();
  resources.proxy_credential.reset();
  resources.secrets.clear();
  return exit_code;  // releases resources: finalizes modules, closes the journal
}

}  // namespace koshin::worker
