// SPDX-License-Identifier: MIT
// The words of the grammar, and the commands that look at a token and bring certificates.
#include "cli/grammar.hpp"

#include "foundation/base/option_name.hpp"

namespace koshin::cli {
void Grammar::localise() {
  app_.name("koshin");
  app_.fallthrough();
  app_.require_subcommand(1);
  app_.get_formatter()->column_width(28);
  app_.get_formatter()->label("Usage", text(texts::cli_help_usage));
  app_.get_formatter()->label("OPTIONS", text(texts::cli_help_options_badge));
  app_.get_formatter()->label("SUBCOMMAND", text(texts::cli_help_command_badge));
  app_.option_defaults()->group(text(texts::cli_help_options));
  app_.set_help_flag("-h,--help", text(texts::cli_help_help))->group(text(texts::cli_help_options));
  app_.set_version_flag("-V,--version", "koshin " KOSHIN_VERSION, text(texts::cli_help_version));
  app_.footer(text(texts::cli_help_footer));
}

void Grammar::flag(CLI::App* app, const std::string& name, bool& value, const Text& description) {
  app->add_flag(name, value, text(description))->disable_flag_override();  // no "--pin-stdin=1234"
}

void Grammar::option(CLI::App* app, const std::string& name, std::string& value, const char* kind,
                     const Text& description) {
  app->add_option(name, value, text(description))->option_text(kind)->check(refuse_empty_value);
}

void Grammar::add_global_options() {
  option(&app_, "--settings", arguments_.settings_file, kind::file, texts::cli_help_settings);
  flag(&app_, "--json", arguments_.json, texts::cli_help_json);
  flag(&app_, "-q,--quiet", arguments_.quiet, texts::cli_help_quiet);
  flag(&app_, "--progress", arguments_.progress, texts::cli_help_progress);
  app_.add_option("--color", color_name_, text(texts::cli_help_color))
      ->option_text("auto|always|never")
      ->check([](const std::string& value) {
        return parse_color(value) ? std::string() : "'" + value + "' is not one of auto, always, never";
      });
  app_.add_option("--language", language_name_, text(texts::cli_help_language))
      ->option_text(language_tags("|"))
      ->check([](const std::string& value) {
        return parse_language(value) ? std::string() : "'" + value + "' is not one of " + language_tags(", ");
      });
}

CLI::App* Grammar::command(CLI::App& parent, const std::string& name, const Text& description, Command which,
                           const Text& more) {
  CLI::App* app = parent.add_subcommand(name, text(description));
  app->group(text(texts::cli_help_commands));
  app->footer(text(more) + "\n" + text(texts::cli_help_options_of_all));
  app->get_help_ptr()->group(text(texts::cli_help_options));
  app->callback([this, which] { arguments_.command = which; });
  return app;
}

void Grammar::token_options(CLI::App* app) {
  option(app, "--token", arguments_.token_uri, kind::uri, texts::cli_help_token);
  option(app, "--module", arguments_.module, kind::module, texts::cli_help_module);
}

void Grammar::bank_option(CLI::App* app) {
  option(app, "--bank", arguments_.bank, kind::bank, texts::cli_help_bank);
}

void Grammar::secret_options(CLI::App* app) {
  flag(app, "--pin-stdin", arguments_.pin_stdin, texts::cli_help_pin_stdin);
  flag(app, "--so-pin-stdin", arguments_.so_pin_stdin, texts::cli_help_so_pin_stdin);
  pinentry_options(app);
  flag(app, "--insist-count-low", arguments_.insist_count_low, texts::cli_help_insist_count_low);
  flag(app, "--insist-final-try", arguments_.insist_final_try, texts::cli_help_insist_final_try);
}

void Grammar::pinentry_options(CLI::App* app) {
  flag(app, "--pinentry", arguments_.pinentry, texts::cli_help_pinentry);
  option(app, "--pinentry-program", arguments_.pinentry_program, kind::file,
         texts::cli_help_pinentry_program);
}

void Grammar::add_inspect() {
  CLI::App* app =
      command(app_, "inspect", texts::cli_help_inspect, Command::inspect, texts::cli_help_inspect_more);
  token_options(app);
  secret_options(app);
}

void Grammar::add_renew() {
  CLI::App* app = command(app_, "renew", texts::cli_help_renew, Command::renew, texts::cli_help_renew_more);
  token_options(app);
  bank_option(app);
  option(app, "--certificate", arguments_.certificate, kind::sha256, texts::cli_help_certificate);
  flag(app, "--all", arguments_.all, texts::cli_help_all);
  flag(app, "-n,--dry-run", arguments_.dry_run, texts::cli_help_dry_run);
  flag(app, "--force", arguments_.force, texts::cli_help_force);
  flag(app, "--if-due", arguments_.if_due, texts::cli_help_if_due);
  secret_options(app);
  flag(app, "--passphrase-stdin", arguments_.passphrase_stdin, texts::cli_help_passphrase_stdin);
  flag(app, "--wait", arguments_.wait, texts::cli_help_wait);
  option(app, "--wait-limit", wait_limit_, kind::duration, texts::cli_help_wait_limit);
}

void Grammar::add_enroll() {
  CLI::App* app =
      command(app_, "enroll", texts::cli_help_enroll, Command::enroll, texts::cli_help_enroll_more);
  token_options(app);
  bank_option(app);
  flag(app, "--code-stdin", arguments_.code_stdin, texts::cli_help_code_stdin);
  option(app, "--user", arguments_.user, kind::user, texts::cli_help_user);
  flag(app, "--force", arguments_.force, texts::cli_help_force_enroll);
  flag(app, "-n,--dry-run", arguments_.dry_run, texts::cli_help_dry_run);
  secret_options(app);
  flag(app, "--wait", arguments_.wait, texts::cli_help_wait);
  option(app, "--wait-limit", wait_limit_, kind::duration, texts::cli_help_wait_limit);
}

}  // namespace koshin::cli
