// SPDX-License-Identifier: MIT
// koshin inspect and koshin doctor: the contents of tokens, and obstacles to a renewal.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "cli/bank_choice.hpp"
#include "cli/commands.hpp"
#include "cli/desk_examination.hpp"
#include "cli/job_secrets.hpp"
#include "cli/json_output.hpp"
#include "cli/progress.hpp"
#include "cli/report.hpp"
#include "cli/token_choice.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/state_folder.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/journal/journal.hpp"

namespace koshin::cli {

namespace {

bool with_pin(const Session& session) {
  return session.arguments.pin_stdin || session.arguments.pinentry;
}

/// Runs the job and asks for the touches that it waits for. Of its other events nothing is shown.
template <typename Result>
Result look(const Session& session, const PreparedJob& prepared) {
  Progress progress(session.console);
  const auto ask_for_touch = [&](const messages::Event& event) {
    if (std::holds_alternative<messages::TouchEvent>(event)) progress.on_event(event);
  };
  try {
    auto event = run_worker(session, prepared.job, prepared.secrets, ask_for_touch);
    progress.end();
    return result_of<Result>(std::move(event));
  } catch (...) {
    progress.end();
    throw;
  }
}

/// With the PIN one token is inspected, including private objects.
messages::InspectResult inspect_tokens(const Session& session) {
  if (!with_pin(session)) return inspect(session);
  return look<messages::InspectResult>(session,
                                       prepare_job(session, job_for(session, messages::JobKind::inspect)));
}

/// Without a journal the token was read all the same: which certificate has replaced which may be told
/// wrongly. A look replaces no damaged one. Empty where there is no journal or it can be used.
std::optional<Failure> journal_trouble() {
  std::error_code unknown;
  if (!paths::has_state_directory() || !std::filesystem::exists(paths::journal_file(), unknown)) return {};
  try {
    renewal::Journal::open_to_show(paths::journal_file(), renewal::IfDamaged::leave);
    return {};
  } catch (const FailureError& error) {
    return error.failure();
  }
}

}  // namespace

int run_inspect(const Session& session) {
  const messages::InspectResult found = inspect_tokens(session);
  if (found.tokens.empty()) choose_token(session, found, nullptr);  // throws the reason
  const std::optional<Failure> trouble = journal_trouble();
  session.console.document(inspect_json(session, found, trouble));
  bool first = true;
  for (const auto& token : found.tokens) {
    if (!first) session.console.print("");
    print_token(session, token);
    first = false;
  }
  print_modules_in_trouble(session, found);
  if (trouble)
    session.console.trouble(
        session.console.say(texts::cli_inspect_without_journal, {printable(trouble->detail, 1000)}));
  return 0;
}

namespace {

bool is_in_order(const messages::DoctorResult& result) {
  return std::none_of(result.checks.begin(), result.checks.end(),
                      [](const auto& check) { return check.status == "failed"; });
}

Diagnosis diagnosis_of(const Session& session, const PreparedJob& prepared) {
  return {prepared.job.bank, look<messages::DoctorResult>(session, prepared)};
}

/// The diagnosis of the bank with the most urgent decision, with the PIN. Empty where no token is inserted or
/// no bank claims a certificate: there is nothing to log in to.
std::optional<Diagnosis> examine_with_pin(const Session& session) {
  try {
    const messages::InspectResult seen = inspect(session);
    const BankDecisions decisions(session, seen);
    const renewal::BankDecision& decision = decisions.first(nullptr);
    const Session mine = for_bank(session, decision.bank);
    return diagnosis_of(mine, prepare_job_on(mine, job_for(mine, messages::JobKind::doctor), decision.token));
  } catch (const FailureError& error) {
    const Reason reason = error.failure().reason;
    const bool absent = reason == Reason::token_not_found || reason == Reason::card_held;
    if (!absent && reason != Reason::certificate_not_found) throw;
    return {};
  }
}

/// Runs one doctor job for each bank. A PIN is one token's and is tried once; the other banks are examined
/// without it.
std::vector<Diagnosis> examine_banks(const Session& session) {
  const Arguments& arguments = session.arguments;
  if (!with_pin(session) && (arguments.passphrase_stdin || arguments.so_pin_stdin))
    bank_must_be_named(session, "a passphrase and a management key are for one bank");
  std::vector<Diagnosis> found;
  if (with_pin(session))
    if (auto first = examine_with_pin(session)) found.push_back(std::move(*first));
  for (const Settings& bank : session.deployment.banks) {
    if (!found.empty() && found.front().bank == bank.bank()) continue;
    const Session mine = for_bank(session, bank.bank());
    found.push_back(
        diagnosis_of(mine, {.job = job_for(mine, messages::JobKind::doctor), .secrets = {}, .token = {}}));
  }
  return found;
}

std::vector<Diagnosis> examine(const Session& session) {
  if (bank_is_open(session)) return examine_banks(session);
  const messages::Job job = job_for(session, messages::JobKind::doctor);
  return {diagnosis_of(session,
                       with_pin(session) ? prepare_job(session, job) : prepare_from_stdin(session, job))};
}

/// Whether the examination of the token has ended early by no fault of the command line: the computer is
/// examined all the same.
bool leaves_the_desk(Reason reason) {
  return reason == Reason::module_crashed || reason == Reason::module_hung ||
         reason == Reason::worker_failed || reason == Reason::deadline_exceeded;
}

int report_desk_alone(const Session& session, const Failure& failure) {
  const messages::DoctorResult desk = examine_desk(session);
  session.console.document(half_doctor_json(session, failure, desk));
  session.console.print(texts::cli_doctor_desk);
  print_checks(session, desk);
  return session.console.json() ? failure.exit_code()
                                : report_failure(session.console, to_string(Command::doctor), failure);
}

}  // namespace

int run_doctor(const Session& session) {
  std::vector<Diagnosis> found;
  try {
    found = examine(session);
  } catch (const FailureError& error) {
    if (!leaves_the_desk(error.failure().reason)) throw;
    return report_desk_alone(session, error.failure());
  }
  const messages::DoctorResult desk = examine_desk(session);
  const bool ok = std::ranges::all_of(found, is_in_order, &Diagnosis::result) && is_in_order(desk);
  session.console.document(doctor_json(session, found, desk, ok));
  for (const auto& [bank, result] : found) {
    if (!bank.empty()) session.console.print(texts::cli_inspect_bank, {bank_name(session, bank)});
    print_checks(session, result);
    if (is_in_order(result)) print_outlook(session, result);
  }
  session.console.print(texts::cli_doctor_desk);
  print_checks(session, desk);
  return ok ? 0 : doctor_found_trouble;
}

}  // namespace koshin::cli
