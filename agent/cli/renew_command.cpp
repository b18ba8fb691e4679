// SPDX-License-Identifier: MIT
// koshin renew and koshin enroll: one job, its progress, and waiting for an authority that has deferred its
// decision.
#include <algorithm>

#include "cli/bank_choice.hpp"
#include "cli/browser_facts.hpp"
#include "cli/commands.hpp"
#include "cli/dead_worker.hpp"
#include "cli/job_secrets.hpp"
#include "cli/json_output.hpp"
#include "cli/pin_secrets.hpp"
#include "cli/progress.hpp"
#include "cli/proxy_login.hpp"
#include "cli/renew_all.hpp"
#include "cli/report.hpp"
#include "cli/token_choice.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/waiting.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/token_profile.hpp"

namespace koshin::cli {
namespace {

/// For a card with numbered slots: the slot of the new certificate, and who does not see it there.
void print_slot(const Session& session, const messages::RenewResult& result) {
  const auto& profile = renewal::profile_of(session.settings);
  const auto id = from_hex(result.new_certificate.key_id);
  if (!id || profile.home_ids().empty()) return;
  session.console.field(texts::cli_field_slot, profile.place_name(*id));
  if (!profile.is_home(*id))
    session.console.print(texts::cli_renew_in_spare_slot, {profile.place_name(profile.home_ids().front())});
}

/// Of a renewal that was told to renew one: how many others its token holds that are due.
void print_more_due(const Session& session, const messages::RenewResult& result) {
  const auto due = renewal::due_certificates(result.token, session.settings, session.now);
  const auto others = std::ranges::count_if(due, [&](const messages::CertificateReport* one) {
    return one->sha256 != result.new_certificate.sha256;
  });
  if (others != 0) session.console.print(texts::cli_renew_more_due, {std::to_string(others)});
}

void print_result(const Session& session, const messages::RenewResult& result,
                  const std::optional<BrowserFacts>& browsers) {
  const Console& console = session.console;
  if (result.dry_run) {
    console.print(texts::cli_renew_checked);
    if (result.old_certificate.sha256.empty()) return;
    console.print(texts::cli_renew_would_be_renewed);
    print_subject(session, result.old_certificate);
    return;
  }
  const bool first = result.old_certificate.sha256.empty();
  console.print(first ? texts::cli_renew_enrolled : texts::cli_renew_renewed);
  print_subject(session, result.new_certificate);
  console.field(texts::cli_field_token, token_name(result.token));
  print_slot(session, result);
  if (!first && !result.old_certificate.serial.empty()) {
    const bool stays = renewal::find_certificate(result.token, result.old_certificate.sha256) != nullptr;
    console.print(
        stays ? texts::cli_renew_old_stays : texts::cli_renew_old_gone,
        {result.old_certificate.serial, to_local_text(result.old_certificate.not_after, console.language())});
  }
  if (browsers) print_browser_facts(console, {*browsers});
  print_more_due(session, result);
}

int report_pending(const Session& session, const messages::PendingResult& result, const Progress& progress) {
  const Console& console = session.console;
  console.document(pending_json(session, result, progress));
  console.print(texts::cli_renew_pending);
  if (!result.message.empty()) console.print(texts::cli_renew_pending_message, {printable(result.message)});
  console.print(texts::cli_renew_ask_again,
                {to_local_text(result.ask_again, console.language()), to_string(session.arguments.command)});
  return info(Reason::authority_pending).exit_code;
}

/// Waits until `time` or a stop request (FailureError{interrupted}). Checks the wall clock every minute,
/// since a laptop may sleep meanwhile.
void wait_until(TimePoint time, const Interrupt& interrupt) {
  while (current_time() < time && !interrupt.token().stop_requested()) {
    const std::chrono::seconds rest = time - current_time();
    koshin::wait_until(std::chrono::steady_clock::now() + std::min(rest, std::chrono::seconds{60}),
                       interrupt.token());
  }
  interrupt.check();
}

messages::Event run_once(const Session& session, const PreparedJob& prepared, Progress& progress) {
  try {
    auto event =
        run_worker(session, prepared.job, prepared.secrets,
                   [&](const messages::Event& progress_event) { progress.on_event(progress_event); });
    progress.end();
    tell_of_old_by_journal(session, prepared, event, progress);
    return event;
  } catch (...) {
    progress.end();
    throw;
  }
}

/// Prints the headline; the token is known when a person was asked for its PIN.
void begin(const Progress& progress, const PreparedJob& prepared) {
  const bool renewal = prepared.job.kind == messages::JobKind::renew;
  if (prepared.job.dry_run)
    progress.begin_looking(prepared.token ? texts::cli_renew_checking_on : texts::cli_renew_checking,
                           prepared.token ? token_name(*prepared.token) : "");
  else if (prepared.token)
    progress.begin(renewal ? texts::cli_renew_renewing_on : texts::cli_renew_enrolling_on,
                   token_name(*prepared.token));
  else
    progress.begin(renewal ? texts::cli_renew_renewing : texts::cli_renew_enrolling, "");
}

/// When a waiting command repeats the job: at the time of a pending request, or of Retry-After. Empty when
/// there is nothing to wait for.
std::optional<TimePoint> comes_back_at(const messages::Event& event) {
  if (const auto* later = std::get_if<messages::PendingResult>(&event)) return later->ask_again;
  const auto* failure = std::get_if<Failure>(&event);
  if (failure == nullptr || !failure->retry_after) return {};
  return current_time() + *failure->retry_after;
}

void say_waiting(const Console& console, const messages::Event& event, TimePoint until) {
  if (const auto* failure = std::get_if<Failure>(&event)) console.print(info(failure->reason).cause);
  console.print(texts::cli_renew_waiting, {to_local_text(until, console.language())});
}

int finish_job(const Session& session, messages::Event event, const Progress& progress) {
  if (const auto* later = std::get_if<messages::PendingResult>(&event))
    return report_pending(session, *later, progress);
  const auto result = result_of<messages::RenewResult>(std::move(event));
  const auto browsers = facts_for_browsers(session, result);
  session.console.document(renewed_json(session, result, progress, browsers));
  print_result(session, result, browsers);
  return 0;
}

messages::Job with_wishes(const Session& session, messages::Job job) {
  job.dry_run = session.arguments.dry_run;
  job.force = session.arguments.force;
  return job;
}

int run_certificate_job(const Session& session, const PreparedJob& prepared) {
  Progress progress(session.console);
  begin(progress, prepared);
  const TimePoint give_up = session.now + session.arguments.wait_limit;
  for (;;) {
    auto event = run_once(session, prepared, progress);
    const auto again = comes_back_at(event);
    if (!again || !session.arguments.wait || *again > give_up)
      return finish_job(session, std::move(event), progress);
    if (session.console.shows_progress()) say_waiting(session.console, event, *again);
    session.workers.wait_for_last();  // releases the token while waiting
    wait_until(*again, session.interrupt);
  }
}

/// One certificate, or with --all what is due.
int run_once_prepared(const Session& session, PreparedJob& prepared) {
  if (session.arguments.all && prepared.job.kind == messages::JobKind::renew)
    if (const auto exit_code = renew_all_due(session, prepared)) return *exit_code;
  return run_certificate_job(session, prepared);
}

/// Again with what a person has entered meanwhile: a new PIN where the token has answered that the PIN has
/// expired (nothing was begun then), or who is there for a proxy.
int run_prepared(const Session& session, PreparedJob prepared) {
  bool pin_changed = false;
  for (;;) {
    try {
      return run_once_prepared(session, prepared);
    } catch (const FailureError& error) {
      const Failure& failure = error.failure();
      if (failure.reason == Reason::pin_expired && !pin_changed) {
        pin_changed = change_expired_pin(session, prepared);
        if (!pin_changed) throw;
      } else if (!ask_proxy_login(session, prepared, failure)) {
        throw;
      }
    }
    session.workers.wait_for_last();  // the token is free for the next one
  }
}

/// Renews the most urgent certificate of all banks, or of the named bank, on all tokens: one in each run;
/// reports the others that are due.
int renew_of_several(const Session& session) {
  const auto terminal = Terminal::open();
  const messages::InspectResult found = inspect(session);
  const BankDecisions decisions(session, found);
  const renewal::BankDecision& decision = decisions.first(terminal.get());
  const Session mine = for_bank(session, decision.bank);
  auto job = with_wishes(mine, job_for(mine, messages::JobKind::renew));
  PreparedJob prepared = prepare_job_on(mine, std::move(job), decision.token);
  session.console.print(texts::cli_renew_renewing_of_bank, {bank_name(session, decision.bank)});
  const auto tell_others = [&] {
    for (const renewal::BankDecision* other : decisions.also_due(decision))
      session.console.print(texts::cli_renew_also_due,
                            {bank_name(session, other->bank), token_name(other->token)});
  };
  try {
    const int exit_code = run_prepared(mine, std::move(prepared));
    tell_others();
    return exit_code;
  } catch (const FailureError&) {
    tell_others();  // a bank that refuses must not hide the others
    throw;
  }
}

}  // namespace

int run_renew(const Session& session) {
  if (session.deployment.banks.size() > 1) return renew_of_several(session);
  auto job = with_wishes(session, job_for(session, messages::JobKind::renew));
  return run_prepared(session, prepare_job(session, std::move(job)));
}

int run_enroll(const Session& session) {
  if (bank_is_open(session)) bank_must_be_named(session, "a certificate is fetched from one bank");
  messages::Job job = with_wishes(session, job_for(session, messages::JobKind::enroll));
  job.subject_user = session.arguments.user;
  return run_prepared(session, prepare_job(session, std::move(job)));
}

}  // namespace koshin::cli
