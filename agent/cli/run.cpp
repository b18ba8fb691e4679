// SPDX-License-Identifier: MIT
// Runs a command and converts any failure to text and an exit code.
#include "cli/run.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>

#include "cli/commands.hpp"
#include "cli/hooks_after.hpp"
#include "cli/output.hpp"
#include "cli/report.hpp"
#include "cli/terminal.hpp"
#include "cli/usage.hpp"
#include "foundation/base/language.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/system/standard_streams.hpp"

namespace koshin::cli {
namespace {

int execute(const Session& session) {
  switch (session.arguments.command) {
    case Command::inspect:
      return run_inspect(session);
    case Command::status:
      return run_status(session);
    case Command::renew:
      return with_hooks_after(session, run_renew);
    case Command::enroll:
      return with_hooks_after(session, run_enroll);
    case Command::prune:
      return run_prune(session);
    case Command::cancel:
      return run_cancel(session);
    case Command::history:
      return run_history(session);
    case Command::doctor:
      return run_doctor(session);
    case Command::config_check:
      return run_config_check(session);
    case Command::config_show:
      return run_config_show(session);
    case Command::browser_add:
      return run_browser_add(session);
    case Command::browser_remove:
      return run_browser_remove(session);
    case Command::support_bundle:
      return run_support_bundle(session);
    case Command::pin_change:
      return run_pin_change(session);
    case Command::pin_set:
    case Command::pin_unlock:
      return run_pin_reset(session);
    case Command::none:
      break;
  }
  fail(Reason::usage_error, "no command");
}

/// config check reports all mistakes itself, and a support bundle is wanted all the more.
bool goes_on_with_wrong_settings(Command command) {
  return command == Command::config_check || command == Command::support_bundle;
}

int run_arguments(const Arguments& arguments, const Console& console, Workers& workers) {
  const Interrupt interrupt;
  try {
    SettingsReading reading = read_settings(settings_sources(arguments));
    const auto& mistakes = reading.mistakes;
    if (!mistakes.empty() && arguments.command == Command::doctor)
      return report_wrong_settings(console, to_string(arguments.command), mistakes);
    if (!mistakes.empty() && !goes_on_with_wrong_settings(arguments.command))
      throw FailureError(mistakes.front());
    Settings settings = settings_of_command(arguments, reading.deployment);
    console.call_pin(settings.branding.pin_name);
    const Session session{.arguments = arguments,
                          .console = console,
                          .interrupt = interrupt,
                          .workers = workers,
                          .deployment = std::move(reading.deployment),
                          .settings = std::move(settings),
                          .now = current_time()};
    return execute(session);
  } catch (const Declined& declined) {
    return report_declined(console, to_string(arguments.command), declined);
  } catch (const UsageError& error) {
    return report_wrong_usage(console, to_string(arguments.command), error.failure(), error.in_words());
  } catch (const FailureError& error) {
    if (arguments.if_due && error.failure().reason == Reason::not_due)
      return report_nothing_due(console, error.failure());
    return report_failure(console, to_string(arguments.command), error.failure());
  } catch (const std::exception& error) {
    return report_failure(console, to_string(arguments.command),
                          {Reason::internal_error, printable(error.what()), {}});
  }
}

/// `in_words`: the problem in the person's language; empty when there is only the detail.
int report_usage(const Preferences& preferences, const Failure& failure, const std::string& in_words) {
  Arguments arguments;
  arguments.language = preferences.language;
  arguments.json = preferences.json;
  const Console console(arguments, false, environment_is_utf8());
  return in_words.empty() ? report_failure(console, to_string(Command::none), failure)
                          : report_wrong_usage(console, to_string(Command::none), failure, in_words);
}

/// Exit code when output was lost: a completed command must not look like a failed one, so it gets
/// output_lost; a failed command keeps its own code.
int with_fate_of_output(int exit_code, const Preferences& preferences) {
  if (exit_code != 0 || output_so_far() == Output::written) return exit_code;
  if (output_so_far() == Output::unread) return info(Reason::output_lost).exit_code;
  Arguments arguments;  // as text: the JSON document was lost
  arguments.language = preferences.language;
  return report_failure(Console(arguments, false, environment_is_utf8()), to_string(Command::none),
                        {Reason::output_lost, "standard output: " + why_output_was_lost(), {}});
}

int run_words(const std::vector<std::string>& words, const Preferences& preferences, Workers& workers) {
  try {
    const auto parsed = parse_arguments(words, preferences.language);
    if (const auto* information = std::get_if<Information>(&parsed)) {
      write_output(information->text);
      return 0;
    }
    const auto& arguments = std::get<Arguments>(parsed);
    return run_arguments(
        arguments,
        Console(arguments, stdout_is_terminal(), environment_is_utf8(), colors_of_process(arguments.color)),
        workers);
  } catch (const UsageError& error) {
    return report_usage(preferences, error.failure(), error.in_words());
  } catch (const FailureError& error) {
    const bool english = preferences.language == Language::en;
    return report_usage(preferences, error.failure(), english ? error.failure().detail : "");
  }
}

}  // namespace

int run(const std::vector<std::string>& words) noexcept {
  try {
    outlive_readers();
    hardening::protect_process();  // a PIN may pass through this process
    Workers workers;
    const Preferences preferences = scan_preferences(words);
    return with_fate_of_output(run_words(words, preferences, workers), preferences);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin: %s\n", error.what());
    return info(Reason::internal_error).exit_code;
  }
}

}  // namespace koshin::cli
