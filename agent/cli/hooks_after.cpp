// SPDX-License-Identifier: MIT
#include "cli/hooks_after.hpp"

#include "cli/json_document.hpp"
#include "cli/worker_log.hpp"
#include "foundation/base/text.hpp"
#include "foundation/texts/cli.hpp"
#include "hooks/hook_errand.hpp"

namespace koshin::cli {
namespace {

hooks::HookEnds run_hooks(const Session& session) {
  if (session.arguments.dry_run) return {};
  const WorkerLog log;  // koshin-hooks logs where workers do
  return hooks::run_due_hooks(session.deployment.base.hooks.directory,
                              hooks::hook_command(session.arguments.settings_file),
                              session.interrupt.token());
}

/// The end of the document, which is whole only now, and the sentence for a person.
void tell(const Session& session, const hooks::HookEnds& ends) {
  session.console.end_document(",\"hooks_failed\":" + line(Json(ends.failed)) +
                               ",\"hooks_not_ended\":" + line(Json(ends.not_ended)) +
                               ",\"hooks_cut_short\":" + line(Json(ends.cut_short)));
  if (!ends.failed.empty())
    session.console.trouble(session.console.say(texts::cli_renew_hooks_failed, {joined(ends.failed)}));
  if (ends.cut_short) session.console.trouble(session.console.say(texts::cli_renew_hooks_cut_short));
}

}  // namespace

int with_hooks_after(const Session& session, int (*command)(const Session&)) {
  session.console.hold_document();
  int exit_code = 0;
  try {
    exit_code = command(session);
  } catch (const FailureError& error) {
    const bool interrupted = error.failure().reason == Reason::interrupted;
    tell(session, interrupted ? hooks::HookEnds() : run_hooks(session));
    throw;
  } catch (...) {
    tell(session, {});
    throw;
  }
  tell(session, run_hooks(session));
  return exit_code;
}

}  // namespace koshin::cli
