// SPDX-License-Identifier: MIT
// koshin inspect and koshin doctor: the contents of tokens, and obstacles to a renewal.
#include <algorithm>

#include "cli/bank_choice.hpp"
#include "cli/commands.hpp"
#include "cli/job_secrets.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "cli/token_choice.hpp"
#include "foundation/texts/cli.hpp"

namespace koshin::cli {

namespace {

bool with_pin(const Session& session) {
  return session.arguments.pin_stdin || session.arguments.pinentry;
}

/// With the PIN one token is inspected, including private objects.
messages::InspectResult inspect_tokens(const Session& session) {
  if (!with_pin(session)) return inspect(session);
  const PreparedJob prepared = prepare_job(session, job_for(session, messages::JobKind::inspect));
  return result_of<messages::InspectResult>(
      run_worker(session, prepared.job, prepared.secrets, [](const messages::Event&) {}));
}

}  // namespace

int run_inspect(const Session& session) {
  const messages::InspectResult found = inspect_tokens(session);
  if (found.tokens.empty()) choose_token(session, found, nullptr);  // throws the reason
  session.console.document(inspect_json(session, found));
  bool first = true;
  for (const auto& token : found.tokens) {
    if (!first) session.console.print("");
    print_token(session, token);
    first = false;
  }
  print_modules_in_trouble(session, found);
  return 0;
}

namespace {

bool is_in_order(const messages::DoctorResult& result) {
  return std::none_of(result.checks.begin(), result.checks.end(),
                      [](const auto& check) { return check.status == "failed"; });
}

/// Runs one doctor job for each bank, with the same secrets.
std::vector<Diagnosis> examine(const Session& session) {
  const messages::Job job = job_for(session, messages::JobKind::doctor);
  const PreparedJob prepared =
      with_pin(session) ? prepare_job(session, job) : prepare_from_stdin(session, job);
  std::vector<Diagnosis> found;
  const auto run = [&](const std::string& bank) {
    messages::Job of_bank = prepared.job;
    of_bank.bank = bank;
    found.push_back({bank, result_of<messages::DoctorResult>(run_worker(session, of_bank, prepared.secrets,
                                                                        [](const messages::Event&) {}))});
  };
  if (!bank_is_open(session)) {
    run(job.bank);
  } else {
    for (const Settings& bank : session.deployment.banks) run(bank.bank());
  }
  return found;
}

}  // namespace

int run_doctor(const Session& session) {
  const auto found = examine(session);
  const bool ok = std::ranges::all_of(found, is_in_order, &Diagnosis::result);
  session.console.document(doctor_json(session, found, ok));
  for (const auto& [bank, result] : found) {
    if (!bank.empty()) session.console.print(texts::cli_inspect_bank, {bank_name(session, bank)});
    print_checks(session, result);
    if (is_in_order(result)) print_outlook(session, result);
  }
  return ok ? 0 : doctor_found_trouble;
}

}  // namespace koshin::cli
