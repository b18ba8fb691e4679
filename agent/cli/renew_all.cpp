// SPDX-License-Identifier: MIT
#include "cli/renew_all.hpp"

#include <algorithm>

#include "cli/dead_worker.hpp"
#include "cli/json_output.hpp"
#include "cli/proxy_login.hpp"
#include "cli/report.hpp"
#include "cli/token_choice.hpp"
#include "foundation/base/text.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/journal/journal.hpp"
#include "renewal/policy/claims.hpp"
#include "renewal/policy/recall.hpp"
#include "renewal/policy/sitting.hpp"

namespace koshin::cli {
namespace {

using messages::CertificateReport;
using messages::TokenReport;

/// The token with all its objects, or, where the PIN is typed on the reader for each job, as it shows
/// without.
TokenReport look_at(const Session& session, const PreparedJob& prepared) {
  messages::Job job = job_for(session, messages::JobKind::inspect);
  job.module = prepared.job.module;
  job.token_uri = prepared.job.token_uri;
  job.unattended = prepared.job.unattended;
  job.insist_count_low = prepared.job.insist_count_low;
  job.insist_final_try = prepared.job.insist_final_try;
  if (prepared.job.protected_path) return *prepared.token;
  auto found = result_of<messages::InspectResult>(
      run_worker(session, std::move(job), prepared.secrets, [](const messages::Event&) {}));
  session.workers.wait_for_last();
  if (found.tokens.empty()) fail(Reason::token_not_found, "the token is not there any more");
  return std::move(found.tokens.front());
}

std::vector<CertificateReport> due_on(const Session& session, const TokenReport& shown) {
  const auto journal = renewal::Journal::open(paths::journal_file());
  const auto memory = journal->memory(renewal::token_key(shown), session.settings.bank());
  TokenReport token = renewal::recalled(shown, memory ? &*memory : nullptr, session.now);
  renewal::assign_banks(token, renewal::claims_of(session.settings));
  const auto unfinished = renewal::of_bank(journal->all_unfinished(), token, session.settings);
  return renewal::certificates_of_sitting(token, unfinished, session.settings, session.now);
}

messages::Event run_one(const Session& session, const PreparedJob& prepared, SittingResult& one) {
  messages::Job job = prepared.job;
  job.certificate_sha256 = one.certificate.sha256;
  try {
    auto end = run_worker(session, std::move(job), prepared.secrets,
                          [&](const messages::Event& event) { one.progress.on_event(event); });
    one.progress.end();
    tell_of_old_by_journal(session, prepared, end, one.progress);
    session.workers.wait_for_last();  // the token is free for the next one
    // Ctrl-C reaches a worker that has only just begun as well, and ends it.
    if (std::holds_alternative<Failure>(end)) session.interrupt.check();
    return end;
  } catch (const FailureError& error) {
    one.progress.end();
    return error.failure();
  } catch (const std::exception& error) {  // what became of the others is still told
    one.progress.end();
    return Failure{Reason::internal_error, printable(error.what()), {}};
  }
}

std::string name_of(const Console& console, const CertificateReport& certificate) {
  return purpose_text(console, certificate.purpose) + ", " + printable(certificate.common_name, 100) + ", " +
         certificate.serial;
}

void announce(const Session& session, const SittingResult& one, std::size_t number, std::size_t count) {
  if (!session.console.shows_progress()) return;
  session.console.print(texts::cli_all_each, {std::to_string(number), std::to_string(count),
                                              name_of(session.console, one.certificate)});
}

const Failure* failure_of(const SittingResult& one) {
  return one.end && !one.not_due ? std::get_if<Failure>(&*one.end) : nullptr;
}

/// Runs one, and again with what a person says to a proxy that asks who is there. Where the question is
/// broken off, that is how this one ended.
void run_with_proxy(const Session& session, PreparedJob& prepared, SittingResult& one) {
  one.end = run_one(session, prepared, one);
  try {
    for (const Failure* failure = failure_of(one);
         failure != nullptr && ask_proxy_login(session, prepared, *failure); failure = failure_of(one))
      one.end = run_one(session, prepared, one);
  } catch (const FailureError& error) {
    one.end = error.failure();
  }
}

/// Runs them one after the other. Returns the stop request that came before one of them had begun, which was
/// not tried then.
std::optional<Failure> run_each(const Session& session, PreparedJob& prepared,
                                std::vector<SittingResult>& results) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    SittingResult& one = results[i];
    announce(session, one, i + 1, results.size());
    run_with_proxy(session, prepared, one);
    const Failure* failure = failure_of(one);
    if (failure == nullptr) continue;
    one.not_due = session.arguments.if_due && failure->reason == Reason::not_due;
    if (failure->reason == Reason::interrupted && one.progress.steps().empty()) {
      const Failure stopped = *failure;
      one.end.reset();
      return stopped;
    }
    if (renewal::ends_sitting(*failure)) break;
  }
  return {};
}

void print_one(const Session& session, const SittingResult& one) {
  const Console& console = session.console;
  const std::string name = name_of(console, one.certificate);
  if (!one.end) return console.print(texts::cli_all_not_tried, {name});
  if (one.not_due) return console.print(texts::cli_all_not_due, {name});
  if (const auto* later = std::get_if<messages::PendingResult>(&*one.end))
    return console.print(texts::cli_all_pending, {name, to_local_text(later->ask_again, console.language())});
  if (const Failure* failure = failure_of(one)) {
    console.print_wrong(console.say(texts::cli_all_failed, {name, console.say(info(failure->reason).cause)}));
    if (!failure->detail.empty())
      console.print_wrong(console.say(texts::cli_all_detail, {printable(failure->detail)}));
    return;
  }
  const auto& renewed = std::get<messages::RenewResult>(*one.end).new_certificate;
  console.print(texts::cli_all_renewed,
                {name, renewed.serial, to_local_text(renewed.not_after, console.language())});
}

/// Once for each reason: what can be done does not differ from certificate to certificate.
void tell_what_to_do_about(const Session& session, const std::vector<SittingResult>& results) {
  std::vector<Reason> told;
  for (const SittingResult& one : results) {
    const Failure* failure = failure_of(one);
    if (failure == nullptr || std::ranges::find(told, failure->reason) != told.end()) continue;
    told.push_back(failure->reason);
    tell_what_to_do(session.console, Failure{failure->reason, {}, failure->retry_after});
  }
}

void print_results(const Session& session, const std::vector<SittingResult>& results) {
  session.console.print(texts::cli_all_results);
  for (const SittingResult& one : results) print_one(session, one);
  std::vector<BrowserFacts> in_browsers;
  for (const SittingResult& one : results)
    if (one.browsers) in_browsers.push_back(*one.browsers);
  print_browser_facts(session.console, in_browsers);
  tell_what_to_do_about(session, results);
}

int exit_code_of(const std::vector<SittingResult>& results, const std::optional<Failure>& stopped) {
  for (const SittingResult& one : results) {
    if (const Failure* failure = failure_of(one)) return failure->exit_code();
    if (one.end && std::holds_alternative<messages::PendingResult>(*one.end))
      return info(Reason::authority_pending).exit_code;
  }
  return stopped ? stopped->exit_code() : 0;
}

}  // namespace

std::optional<int> renew_all_due(const Session& session, PreparedJob& prepared) {
  const TokenReport token = look_at(session, prepared);
  const auto due = due_on(session, token);
  if (due.empty()) return {};
  if (session.console.shows_progress()) {
    session.console.print(prepared.job.protected_path ? texts::cli_all_begin_on_reader : texts::cli_all_begin,
                          {std::to_string(due.size()), token_name(token)});
    session.console.print(texts::cli_progress_do_not_remove);
  }
  std::vector<SittingResult> results;
  results.reserve(due.size());
  for (const CertificateReport& certificate : due) results.emplace_back(certificate, session.console);
  const auto stopped = run_each(session, prepared, results);
  StoreReading reading;
  for (SittingResult& one : results)
    if (const auto* renewed = one.end ? std::get_if<messages::RenewResult>(&*one.end) : nullptr) {
      one.browsers = facts_for_browsers(session, *renewed, reading);
      // What copies certificates there has had the time of the first for all of them.
      if (one.browsers) reading.longest = {};
    }
  session.console.document(sitting_json(session, token, results, stopped));
  print_results(session, results);
  return exit_code_of(results, stopped);
}

}  // namespace koshin::cli
