// SPDX-License-Identifier: MIT
// The grammar, by CLI11.
#include "module_check/arguments.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <filesystem>
#include <sstream>

#include "cli/job_secrets.hpp"
#include "cli/usage.hpp"
#include "foundation/base/language.hpp"
#include "foundation/base/option_name.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/base/text.hpp"
#include "foundation/settings/choices.hpp"
#include "foundation/texts/check.hpp"
#include "foundation/texts/cli.hpp"

namespace koshin::module_check {
namespace {

class Grammar {
 public:
  explicit Grammar(Language language) : language_(language), app_(text(texts::check_help_program)) {
    localise();
    add_token_options();
    add_secret_options();
    add_report_options();
  }
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  std::variant<CheckArguments, cli::Information> parse(std::vector<std::string> words);

 private:
  std::string text(const Text& what) const { return std::string(what.in(language_)); }
  void localise();
  void add_token_options();
  void add_secret_options();
  void add_report_options();
  void flag(const std::string& name, bool& value, const Text& description) {
    app_.add_flag(name, value, text(description))->disable_flag_override();  // no "--pin-stdin=1234"
  }
  void option(const std::string& name, std::string& value, const char* kind, const Text& description) {
    auto* const added = app_.add_option(name, value, text(description))->option_text(kind);
    if (name.starts_with('-')) added->check(refuse_empty_value);
  }
  cli::UsagePlace place() const;
  void finish();

  Language language_;
  CLI::App app_;
  CheckArguments arguments_;
  bool secrets_are_read_ = false;
  std::string language_name_;
};

void Grammar::localise() {
  app_.name(program_name);
  app_.allow_windows_style_options(false);  // one grammar everywhere: "/x" is a file
  app_.get_formatter()->column_width(28);
  app_.get_formatter()->label("Usage", text(texts::cli_help_usage));
  app_.get_formatter()->label("OPTIONS", text(texts::cli_help_options_badge));
  app_.get_formatter()->label("Positionals", text(texts::check_help_positionals));
  app_.option_defaults()->group(text(texts::cli_help_options));
  app_.set_help_flag("-h,--help", text(texts::cli_help_help))->group(text(texts::cli_help_options));
  app_.set_version_flag("--version", std::string(program_name) + " " KOSHIN_VERSION,
                        text(texts::cli_help_version));
  app_.footer(text(texts::check_help_footer));
}

void Grammar::add_token_options() {
  option("module", arguments_.module, "MODULE", texts::check_help_module);
  option("--token-uri,--token", arguments_.common.token_uri, "URI", texts::check_help_token_uri);
  option("--yes-use-token", arguments_.agreed_serial, "SERIAL", texts::check_help_yes_use_token);
  option("--profile", arguments_.profile, "NAME", texts::check_help_profile);
  option("--key", arguments_.key, "TYPE", texts::check_help_key);
  flag("--wrong-pin", arguments_.wrong_pin, texts::check_help_wrong_pin);
}

void Grammar::add_secret_options() {
  flag("--pin-stdin", arguments_.common.pin_stdin, texts::cli_help_pin_stdin);
  option("--pin-file", arguments_.pin_file, "FILE", texts::check_help_pin_file);
  flag("--so-pin-stdin", arguments_.common.so_pin_stdin, texts::cli_help_so_pin_stdin);
  option("--so-pin-file", arguments_.so_pin_file, "FILE", texts::check_help_so_pin_file);
  flag("--pinentry", arguments_.common.pinentry, texts::cli_help_pinentry);
  option("--pinentry-program", arguments_.common.pinentry_program, "FILE", texts::cli_help_pinentry_program);
}

void Grammar::add_report_options() {
  option("--json", arguments_.report_file, "FILE", texts::check_help_json);
  flag("--with-serial", arguments_.with_serial, texts::check_help_with_serial);
  app_.add_option("--language", language_name_, text(texts::cli_help_language))
      ->option_text(language_tags("|"))
      ->check([](const std::string& value) {
        return parse_language(value) ? std::string() : "'" + value + "' is not one of " + language_tags(", ");
      });
}

cli::UsagePlace Grammar::place() const {
  cli::UsagePlace place{language_, program_name, {}, {}, secrets_are_read_};
  for (const CLI::Option* option : app_.get_options())
    for (const std::string& name : option->get_lnames()) place.options.push_back("--" + name);
  return place;
}

std::variant<CheckArguments, cli::Information> Grammar::parse(std::vector<std::string> words) {
  secrets_are_read_ = std::any_of(words.begin(), words.end(), cli::names_standard_input);
  std::reverse(words.begin(), words.end());
  try {
    app_.parse(words);
  } catch (const CLI::Success& success) {  // --help, --version
    std::ostringstream out;
    app_.exit(success, out, out);
    return cli::Information{out.str()};
  } catch (const CLI::ValidationError& error) {
    cli::refuse_empty(place(), error.what(), {});
    fail(Reason::usage_error, printable(error.what()));
  } catch (const CLI::ArgumentMismatch& error) {
    cli::refuse_values(place(), error.what(), {});
  } catch (const CLI::ExtrasError&) {
    cli::refuse_words(place(), app_.remaining(true));
  } catch (const CLI::ParseError& error) {
    fail(Reason::usage_error, printable(error.what()));
  }
  finish();
  return arguments_;
}

std::string absolute(const std::string& file) {
  return file.empty() ? file : std::filesystem::absolute(path_of(file)).string();
}

void Grammar::finish() {
  cli::Arguments& common = arguments_.common;
  common.language = language_;
  if (arguments_.module.empty()) throw cli::UsageError(language_, texts::check_usage_no_module, {});
  if (common.token_uri.empty() && arguments_.agreed_serial.empty())
    throw cli::UsageError(language_, texts::check_usage_no_token, {});
  if (cli::has_pin_source(common.token_uri))
    throw cli::UsageError(language_, texts::check_usage_pin_source, {});
  const int ways = (common.pin_stdin ? 1 : 0) +
                   (common.pinentry || !common.pinentry_program.empty() ? 1 : 0) +
                   (arguments_.pin_file.empty() ? 0 : 1);
  if (ways > 1) throw cli::UsageError(language_, texts::check_usage_several_ways, {});
  const std::string& profile = arguments_.profile;
  const auto& profiles = words_of<TokenProfileName>;
  if (!profile.empty() && !value_of<TokenProfileName>(profile))
    fail(Reason::usage_error, "--profile: " + joined({profiles.begin(), profiles.end()}, " or "));
  if (!arguments_.module.starts_with("p11-kit:")) arguments_.module = absolute(arguments_.module);
  common.module = arguments_.module;
  if (!common.pinentry_program.empty()) common.pinentry = true;
  for (std::string* file : {&arguments_.pin_file, &arguments_.so_pin_file, &arguments_.report_file})
    *file = absolute(*file);
}

}  // namespace

std::variant<CheckArguments, cli::Information> parse_arguments(const std::vector<std::string>& words,
                                                               Language language) {
  return Grammar(language).parse(words);
}

}  // namespace koshin::module_check
