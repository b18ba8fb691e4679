// SPDX-License-Identifier: MIT
// koshin-hooks: runs the administrator's programs for certificates that were renewed, and ends. A program of
// its own, so that whoever has seen the renewal end needs no certificate's bytes and no process tree.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <thread>

#include "foundation/base/clock.hpp"
#include "foundation/base/option_name.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/usage_exit.hpp"
#include "foundation/log/log.hpp"
#include "foundation/settings/settings.hpp"
#include "foundation/system/file_lock.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/process_tree.hpp"
#include "foundation/system/standard_streams.hpp"
#include "foundation/system/state_folder.hpp"
#include "hooks/due_hooks.hpp"
#include "hooks/hook_errand.hpp"
#include "hooks/hook_files.hpp"
#include "hooks/hook_run.hpp"

namespace {

using namespace koshin;
using std::chrono::steady_clock;

struct Arguments {
  std::string settings_file;
  int limit = hooks::longest_hook.count();
};

/// One koshin-hooks at a time. Waits for another, which may have looked into the journal before the record of
/// this one's caller was complete. Null when the time is over.
std::unique_ptr<FileLock> lock_out_others(steady_clock::time_point until) {
  constexpr std::chrono::milliseconds pause{200};
  const auto file = paths::runtime_directory() / "hooks.lock";
  for (;;) {
    auto outcome = FileLock::acquire(file);
    if (auto* lock = std::get_if<std::unique_ptr<FileLock>>(&outcome)) return std::move(*lock);
    if (steady_clock::now() >= until) return nullptr;
    std::this_thread::sleep_for(pause);
  }
}

/// One entry for each line: the log cuts long values.
void log_output(const std::string& hook, std::string_view output) {
  while (!output.empty()) {
    const auto end = std::min(output.find('\n'), output.size());
    if (end != 0)
      log::info(log::Event::none, "a hook has said",
                {{"KOSHIN_HOOK", hook}, {"KOSHIN_OUTPUT", output.substr(0, end)}});
    output.remove_prefix(std::min(end + 1, output.size()));
  }
}

/// At once: whoever has started koshin-hooks may end it at any moment.
void tell(hooks::HookEvent event, const std::string& hook) {
  std::printf("%s\n", hooks::hook_line(event, hook).c_str());
  std::fflush(stdout);
}

/// False: it failed.
bool run_once(const hooks::Hook& hook, const hooks::NewCertificate& one, hooks::HookProgress& progress,
              int attempt, std::chrono::seconds limit) {
  progress.begin(attempt, current_time());
  tell(hooks::HookEvent::begun, hook.name);
  const hooks::HookEnd end = hooks::run_hook(hook, one, limit);
  if (end.done) progress.finish(current_time());
  tell(end.done ? hooks::HookEvent::done : hooks::HookEvent::failed, hook.name);
  log_output(hook.name, end.output);
  const std::string number = std::to_string(attempt);
  const log::Fields fields{{"KOSHIN_HOOK", hook.name},
                           {"KOSHIN_CERTIFICATE", one.sha256},
                           {"KOSHIN_ATTEMPT", number},
                           {"KOSHIN_DETAIL", end.how}};
  if (end.done) {
    log::info(log::Event::hook_finished, "a hook has run for a new certificate", fields);
  } else {
    log::warning(log::Event::hook_failed,
                 attempt < hooks::most_attempts ? "a hook failed; it is tried again at the next occasion"
                                                : "a hook failed, and is not tried again",
                 fields);
  }
  return end.done;
}

/// False: one of them failed.
bool run_due(const std::vector<hooks::Hook>& runnable, steady_clock::time_point until,
             std::chrono::seconds limit) {
  bool all_done = true;
  // A damaged journal is left to whoever can tell a person what becomes of it.
  const auto journal = renewal::Journal::open_unless_damaged(paths::journal_file());
  for (const hooks::NewCertificate& one : hooks::new_certificates(*journal, current_time())) {
    for (const hooks::Hook& hook : runnable) {
      hooks::HookProgress progress(*journal, one.sha256, hook.name);
      const int attempt = progress.next_attempt();
      if (attempt == 0) continue;
      if (steady_clock::now() >= until) {
        log::warning(log::Event::none, "the time for hooks is over; the others run at the next occasion");
        return all_done;
      }
      all_done = run_once(hook, one, progress, attempt, limit) && all_done;
    }
  }
  return all_done;
}

int run(const Arguments& arguments) {
  const auto until = steady_clock::now() + hooks::longest_run;
  auto sources = SettingsSources::standard();
  if (!arguments.settings_file.empty()) sources.only = arguments.settings_file;
  const Settings settings = load_deployment(sources).base;
  log::configure("koshin-hooks", settings.log.level);
  const hooks::HookFiles files = hooks::look_for_hooks(settings.hooks.directory);
  for (const hooks::RefusedHook& refused : files.refused)
    log::warning(log::Event::hook_failed, "a file among the hooks is not run",
                 {{"KOSHIN_HOOK", refused.name}, {"KOSHIN_DETAIL", refused.why}});
  if (files.hooks.empty() || !paths::has_state_directory() || !std::filesystem::exists(paths::journal_file()))
    return 0;
  const auto lock = lock_out_others(until);
  if (!lock) fail(Reason::internal_error, "another koshin-hooks has not ended in time");
  return run_due(files.hooks, until, std::chrono::seconds(arguments.limit)) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  begin_program();
  outlive_readers();  // a hook is not cut off because nobody reads how it has ended
  process_tree::adopt_orphans();
  CLI::App app("Runs the administrator's programs for renewed certificates, as the settings say.",
               "koshin-hooks");
  Arguments arguments;
  app.add_option("--settings", arguments.settings_file,
                 "Use this settings file in place of your own (root's: alone)")
      ->check(refuse_empty_value);
  app.add_option("--limit", arguments.limit, "Seconds after which a hook is ended")
      ->check(CLI::Range(1, static_cast<int>(hooks::longest_hook.count())));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return usage_exit_code(app.exit(error));
  }
  try {
    return run(arguments);
  } catch (const FailureError& error) {
    log::error(log::Event::hook_failed, "the hooks were not run",
               {{"KOSHIN_DETAIL", error.failure().detail}});
    return error.failure().exit_code();
  } catch (const std::exception& error) {
    log::error(log::Event::hook_failed, "the hooks were not run", {{"KOSHIN_DETAIL", error.what()}});
    return 1;
  }
}
