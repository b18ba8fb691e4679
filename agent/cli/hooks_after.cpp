// SPDX-License-Identifier: MIT
#include "cli/hooks_after.hpp"

#include "cli/worker_log.hpp"
#include "foundation/base/text.hpp"
#include "foundation/texts/cli.hpp"
#include "hooks/hook_errand.hpp"

namespace koshin::cli {
namespace {

std::vector<std::string> run_hooks(const Session& session) {
  const WorkerLog log;  // koshin-hooks logs where workers do
  return hooks::run_due_hooks(session.deployment.base.hooks.directory,
                              hooks::hook_command(session.arguments.settings_file),
                              session.interrupt.token());
}

void run_and_tell(const Session& session) {
  if (session.arguments.dry_run) return;
  const auto failed = run_hooks(session);
  if (!failed.empty())
    session.console.trouble(session.console.say(texts::cli_renew_hooks_failed, {joined(failed)}));
}

}  // namespace

int with_hooks_after(const Session& session, int (*command)(const Session&)) {
  int exit_code = 0;
  try {
    exit_code = command(session);
  } catch (const FailureError& error) {
    if (error.failure().reason != Reason::interrupted) run_and_tell(session);
    throw;
  }
  run_and_tell(session);
  return exit_code;
}

}  // namespace koshin::cli
