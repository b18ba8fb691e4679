// SPDX-License-Identifier: MIT
// koshin pin change, koshin pin set and koshin pin unlock: the PIN of a token is replaced by whoever knows
// it, or set without it.
#include <algorithm>

#include "cli/bank_choice.hpp"
#include "cli/commands.hpp"
#include "cli/json_output.hpp"
#include "cli/pin_secrets.hpp"
#include "cli/token_choice.hpp"
#include "cli/usage.hpp"
#include "foundation/texts/cli.hpp"
#include "renewal/policy/claims.hpp"

namespace koshin::cli {
namespace {

/// The session with the settings that say what kind of token this is: where several banks may mean it, those
/// of the first one.
Session for_token(const Session& session, const messages::TokenReport& token) {
  if (!bank_is_open(session)) return session;
  const auto& banks = session.deployment.banks;
  const auto mine =
      std::ranges::find_if(banks, [&](const Settings& bank) { return renewal::may_mean(bank, token); });
  return for_bank(session, (mine == banks.end() ? banks.front() : *mine).bank());
}

int report(const Session& session, const messages::PinResult& result, const Text& what) {
  session.console.document(pin_json(session, result));
  tell_of_changed_pin(session, result, what);
  return 0;
}

}  // namespace

int run_pin_change(const Session& session) {
  const bool old_is_known = session.arguments.pin_stdin || pin_comes_from_source(session);
  if (old_is_known && session.arguments.new_pin_stdin && !bank_is_open(session)) {
    const auto prepared = prepare_job(session, job_for(session, messages::JobKind::change_pin));
    return report(session, run_pin_job(session, prepared.job, prepared.secrets), texts::cli_pin_changed);
  }
  const auto terminal = Terminal::open();
  const auto token = choose_token(session, inspect_eligible(session), terminal.get());
  const Session mine = for_token(session, token);
  auto prepared = prepare_job_on(mine, job_for(mine, messages::JobKind::change_pin), token);
  ask_new_pin(mine, prepared, terminal.get());
  if (prepared.job.protected_path) session.console.print(texts::cli_secret_changed_on_reader);
  return report(mine, run_pin_job(mine, prepared.job, prepared.secrets), texts::cli_pin_changed);
}

int run_pin_reset(const Session& session) {
  const auto terminal = Terminal::open();
  const auto token = choose_token(session, inspect_eligible(session), terminal.get());
  if (session.arguments.command == Command::pin_set && token.pin_set)
    throw UsageError(session.console.language(), texts::cli_pin_is_set, {});
  const Session mine = for_token(session, token);
  const auto prepared = prepare_reset(mine, job_for(mine, messages::JobKind::reset_pin), token);
  return report(mine, run_pin_job(mine, prepared.job, prepared.secrets), texts::cli_pin_was_reset);
}

}  // namespace koshin::cli
