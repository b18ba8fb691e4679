// SPDX-License-Identifier: MIT
// The parsing of a command line. The grammar's sources alone include CLI11.
#include "cli/arguments.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "cli/argument_rules.hpp"
#include "cli/grammar.hpp"
#include "cli/usage.hpp"
#include "foundation/base/calendar.hpp"
#include "foundation/base/clock.hpp"
#include "foundation/base/path_text.hpp"

namespace koshin::cli {

/// The last command on the command line: the remaining words were parsed in its context.
const CLI::App& Grammar::reached() const {
  const CLI::App* app = &app_;
  while (!app->get_subcommands().empty()) app = app->get_subcommands().back();
  return *app;
}

UsagePlace Grammar::place(const CLI::App& app) const {
  UsagePlace place{language_, "koshin", {}, {}, secrets_are_read_};
  if (app.get_parent() != nullptr && app.get_parent() != &app_)
    place.command += ' ' + app.get_parent()->get_name();
  if (app.get_parent() != nullptr) place.command += ' ' + app.get_name();
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    place.commands.push_back(command->get_name());
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent())
    for (const CLI::Option* option : level->get_options())
      for (const std::string& name : option->get_lnames()) place.options.push_back("--" + name);
  return place;
}

/// The kind of an option's value, as in --help.
std::string Grammar::kind_of(const std::string& complaint) const {
  for (const CLI::App* level = &reached(); level != nullptr; level = level->get_parent())
    for (const CLI::Option* option : level->get_options())
      if (complaint.starts_with(option->get_name() + ":")) return option->get_option_text();
  return {};
}

/// Rewrites "koshin help renew" to "koshin renew --help".
void Grammar::turn_help_around(std::vector<std::string>& words) const {
  if (words.empty() || words.front() != "help") return;
  words.erase(words.begin());
  const auto commands = place(app_).commands;
  if (!words.empty() && std::ranges::find(commands, words.front()) == commands.end())
    refuse_words(place(app_), {words.front()});
  words.emplace_back("--help");
}

std::variant<Arguments, Information> Grammar::parse(std::vector<std::string> words) {
  secrets_are_read_ = std::any_of(words.begin(), words.end(), names_standard_input);
  turn_help_around(words);
  std::reverse(words.begin(), words.end());
  try {
    app_.parse(words);
  } catch (const CLI::Success& success) {  // --help, --version
    std::ostringstream out;
    app_.exit(success, out, out);
    return Information{out.str()};
  } catch (const CLI::RequiredError&) {  // thrown before an unknown word is reported
    refuse_words(place(reached()), app_.remaining(true));
  } catch (const CLI::ValidationError& error) {
    refuse_empty(place(reached()), error.what(), kind_of(error.what()));
    fail(Reason::usage_error, printable(error.what()));
  } catch (const CLI::ArgumentMismatch& error) {
    refuse_values(place(reached()), error.what(), kind_of(error.what()));
  } catch (const CLI::ExtrasError&) {
    refuse_words(place(reached()), app_.remaining(true));
  } catch (const CLI::ParseError& error) {
    fail(Reason::usage_error, printable(error.what()));
  }
  finish();
  return arguments_;
}

void Grammar::finish() {
  arguments_.language = language_;
  arguments_.color = parse_color(color_name_).value_or(ColorChoice::automatic);
  if (!arguments_.settings_file.empty())
    arguments_.settings_file = std::filesystem::absolute(path_of(arguments_.settings_file)).string();
  check_combinations(arguments_);
  if (!arguments_.certificate.empty()) arguments_.certificate = fingerprint_of(arguments_.certificate);
  if (!arguments_.pinentry_program.empty()) arguments_.pinentry = true;
  const auto limit = CalendarDuration::parse(wait_limit_);
  if (!limit)
    fail(Reason::usage_error,
         "--wait-limit: '" + printable(wait_limit_, 40) + "' is not an ISO 8601 duration such as PT2H");
  const TimePoint now = current_time();
  arguments_.wait_limit = add(now, *limit) - now;
}

std::variant<Arguments, Information> parse_arguments(const std::vector<std::string>& words,
                                                     Language language) {
  return Grammar(language).parse(words);
}

}  // namespace koshin::cli
