// SPDX-License-Identifier: MIT
// koshin inspect and koshin doctor: what is there, and what would stop a renewal.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/job_secrets.hpp"
#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "cli/token_choice.hpp"

namespace koshin::cli {

namespace {

bool with_pin(const Session& session) {
  return session.arguments.pin_stdin || session.arguments.pinentry;
}

/// With the PIN, one token is looked at, and all of it is seen.
messages::InspectResult look(const Session& session) {
  if (!with_pin(session)) return inspect(session);
  const PreparedJob prepared = prepare_job(session, job_for(session, messages::JobKind::inspect));
  return result_of<messages::InspectResult>(
      run_worker(session, prepared.job, prepared.secrets, [](const messages::Event&) {}));
}

}  // namespace

int run_inspect(const Session& session) {
  const messages::InspectResult found = look(session);
  if (found.tokens.empty()) choose_token(session, found, nullptr);  // throws the reason why there is none
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

int run_doctor(const Session& session) {
  messages::Job job = job_for(session, messages::JobKind::doctor);
  const PreparedJob prepared =
      with_pin(session) ? prepare_job(session, job) : prepare_from_stdin(session, job);
  const auto result = result_of<messages::DoctorResult>(
      run_worker(session, prepared.job, prepared.secrets, [](const messages::Event&) {}));
  const bool ok = std::none_of(result.checks.begin(), result.checks.end(),
                               [](const auto& check) { return check.status == "failed"; });
  session.console.document(doctor_json(session, result, ok));
  print_checks(session, result);
  if (ok) print_outlook(session, result);
  return ok ? 0 : doctor_found_trouble;
}

}  // namespace koshin::cli
