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

/// The session by whose rules a PIN is checked before a look at all tokens: with several banks, whose rules
/// differ, those of the bank with the most urgent decision.
Session for_look_with_pin(const Session& session) {
  if (!bank_is_open(session)) return session;
  const auto& banks = session.deployment.banks;
  const auto same_rules = [&](const Settings& bank) {
    return bank.token.pin_characters == banks.front().token.pin_characters &&
           bank.token.profile == banks.front().token.profile;
  };
  if (std::ranges::all_of(banks, same_rules)) return for_bank(session, banks.front().bank());
  const messages::InspectResult found = inspect(session);
  const BankDecisions decisions(session, found);
  return for_bank(session, decisions.first(nullptr).bank);
}

/// With the PIN one token is inspected, including private objects.
messages::InspectResult inspect_tokens(const Session& all) {
  if (!with_pin(all)) return inspect(all);
  const Session session = for_look_with_pin(all);
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

Diagnosis diagnosis_of(const Session& session, const PreparedJob& prepared) {
  return {prepared.job.bank, result_of<messages::DoctorResult>(run_worker(
                                 session, prepared.job, prepared.secrets, [](const messages::Event&) {}))};
}

/// Runs one doctor job for each bank. A PIN is one token's and is tried once: by the bank with the most
/// urgent decision; the other banks are examined without it.
std::vector<Diagnosis> examine_banks(const Session& session) {
  std::vector<Diagnosis> found;
  std::string with_secrets;
  if (with_pin(session)) {
    const messages::InspectResult seen = inspect(session);
    const BankDecisions decisions(session, seen);
    const renewal::BankDecision& decision = decisions.first(nullptr);
    const Session mine = for_bank(session, decision.bank);
    with_secrets = decision.bank;
    found.push_back(
        diagnosis_of(mine, prepare_job_on(mine, job_for(mine, messages::JobKind::doctor), decision.token)));
  }
  for (const Settings& bank : session.deployment.banks) {
    if (bank.bank() == with_secrets && with_pin(session)) continue;
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
