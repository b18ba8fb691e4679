// SPDX-License-Identifier: MIT
// Looks at the module, asks, runs the checks, reports.
#include "module_check/run.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/output.hpp"
#include "cli/report.hpp"
#include "cli/terminal.hpp"
#include "cli/usage.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/base/language.hpp"
#include "foundation/base/text.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/system/standard_streams.hpp"
#include "foundation/system/user.hpp"
#include "foundation/texts/check.hpp"
#include "module_check/checks.hpp"
#include "module_check/consent.hpp"

namespace koshin::module_check {
namespace {

constexpr int exit_failed = 1;

void hide_token(const CheckArguments& arguments, const TokenFacts& token, ReportRedaction& redaction) {
  redaction.hide("\"" + token.label + "\"");
  if (arguments.with_serial) return;
  redaction.hide(token.serial);
  redaction.hide_word(token.serial);
}

/// The module's words about itself and its tokens; false: it failed, which is reported.
bool look_first(const CheckArguments& arguments, const cli::Interrupt& interrupt, Report& report,
                Sight& sight) {
  const auto start = std::chrono::steady_clock::now();
  CheckResult result{.check = Check::module_and_token, .outcome = Outcome::passed};
  try {
    sight = look_at(arguments.module, arguments.common.token_uri, {}, interrupt.token());
    result.notes.push_back(printable(sight.module.description + " " + sight.module.version + " (" +
                                     sight.module.manufacturer + ")"));
  } catch (const FailureError& error) {
    interrupt.check();
    if (error.failure().reason == Reason::usage_error) throw;
    result.outcome = Outcome::failed;
    result.failure = error.failure();
  }
  result.duration =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  report.set_module(arguments.module, sight.module, sight.tokens.size());
  const bool passed = result.outcome == Outcome::passed;
  report.add(std::move(result));
  return passed;
}

/// Says what may be on the token after a check that was stopped.
void show_left(const cli::Console& console, const CheckContext& context) {
  if (context.stage.owes_right_pin()) console.trouble(console.say(texts::check_interrupted_wrong_pin));
  console.trouble(console.say(texts::check_interrupted_left));
  for (const std::string& sha256 : context.stage.all_issued()) {
    if (!context.deleted.contains(sha256))
      console.trouble("  " + console.say(texts::check_interrupted_certificate, {sha256}));
  }
}

void run_on(CheckArguments& arguments, const TokenFacts& facts, const cli::Console& console,
            const cli::Interrupt& interrupt, cli::Workers& workers, Report& report) {
  Stage stage(arguments, facts);
  arguments.common.settings_file = stage.settings_file().string();
  arguments.common.token_uri = facts.uri;
  Deployment deployment = load_deployment(cli::settings_sources(arguments.common));
  Settings settings = cli::settings_of_command(arguments.common, deployment);
  const cli::Session session{.arguments = arguments.common,
                             .console = console,
                             .interrupt = interrupt,
                             .workers = workers,
                             .deployment = std::move(deployment),
                             .settings = std::move(settings),
                             .now = current_time()};
  const auto found = cli::inspect(session);
  if (found.tokens.size() != 1) fail(Reason::token_not_found, "koshin inspect does not show the token");
  auto access = open_access(arguments, session, stage, found.tokens.front());
  CheckContext context{.arguments = arguments,
                       .session = session,
                       .stage = stage,
                       .report = report,
                       .token = found.tokens.front(),
                       .access = std::move(access)};
  try {
    run_checks(context);
  } catch (const FailureError& error) {
    if (error.failure().reason == Reason::interrupted) show_left(console, context);
    throw;
  }
  workers.wait_for_last();
}

void write_report(const CheckArguments& arguments, const cli::Console& console, const Report& report) {
  if (!arguments.report_file.empty()) {
    report.write_json(arguments.report_file, arguments.with_serial);
    console.print(texts::check_summary_written, {arguments.report_file});
  }
}

int finish(const CheckArguments& arguments, const cli::Console& console, Report& report) {
  report.skip_rest();
  report.show_summary();
  write_report(arguments, console, report);
  return report.all_passed() ? 0 : exit_failed;
}

int check(CheckArguments& arguments, const cli::Console& console, cli::Workers& workers) {
  if (!is_administrator())
    throw cli::UsageError(console.language(), texts::check_usage_not_administrator, {});
  const cli::Interrupt interrupt;
  Report report(console);
  console.print(texts::check_title, {printable(arguments.module)});
  Sight sight;
  if (!look_first(arguments, interrupt, report, sight)) return finish(arguments, console, report);
  const TokenFacts token = named_token(arguments, sight.tokens);
  report.set_token(token);
  hide_token(arguments, token, report.redaction());
  agree(arguments, token, console, interrupt);
  const auto write_so_far = [&] {
    report.skip_rest();
    write_report(arguments, console, report);
  };
  try {
    run_on(arguments, token, console, interrupt, workers, report);
  } catch (const FailureError& error) {
    if (error.failure().reason == Reason::interrupted) write_so_far();
    throw;
  } catch (const std::exception&) {
    write_so_far();
    throw;
  }
  return finish(arguments, console, report);
}

int run_arguments(CheckArguments& arguments, const cli::Console& console, cli::Workers& workers) {
  try {
    return check(arguments, console, workers);
  } catch (const cli::Declined& declined) {
    return cli::report_declined(console, program_name, declined);
  } catch (const cli::UsageError& error) {
    return cli::report_wrong_usage(console, program_name, error.failure(), error.in_words());
  } catch (const FailureError& error) {
    return cli::report_failure(console, program_name, error.failure());
  } catch (const std::exception& error) {
    return cli::report_failure(console, program_name, {Reason::internal_error, printable(error.what()), {}});
  }
}

int report_usage(Language language, const Failure& failure, const std::string& in_words) {
  cli::Arguments arguments;
  arguments.language = language;
  const cli::Console console(arguments, false, environment_is_utf8());
  return cli::report_wrong_usage(console, program_name, failure,
                                 in_words.empty() ? failure.detail : in_words);
}

int run_words(const std::vector<std::string>& words, Language language, cli::Workers& workers) {
  try {
    auto parsed = parse_arguments(words, language);
    if (const auto* information = std::get_if<cli::Information>(&parsed)) {
      cli::write_output(information->text);
      return 0;
    }
    auto& arguments = std::get<CheckArguments>(parsed);
    return run_arguments(
        arguments, cli::Console(arguments.common, cli::stdout_is_terminal(), environment_is_utf8()), workers);
  } catch (const cli::UsageError& error) {
    return report_usage(language, error.failure(), error.in_words());
  } catch (const FailureError& error) {
    return report_usage(language, error.failure(), {});
  }
}

}  // namespace

int run(const std::vector<std::string>& words) noexcept {
  try {
    outlive_readers();
    hardening::protect_process();  // a PIN passes through this process
    cli::Workers workers;
    const int exit_code = run_words(words, cli::scan_preferences(words).language, workers);
    const bool lost = exit_code == 0 && cli::output_so_far() != cli::Output::written;
    return lost ? info(Reason::output_lost).exit_code : exit_code;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin-module-check: %s\n", error.what());
    return info(Reason::internal_error).exit_code;
  }
}

}  // namespace koshin::module_check
