// SPDX-License-Identifier: MIT
// The commands, and the options of each.
#include "cli/grammar.hpp"

#include <algorithm>

#include "cli/texts.hpp"

namespace koshin::cli {
namespace {

// Kinds of values: the same in every language, since CLI11 counts bytes where it should count columns.
namespace kind {
constexpr const char* file = "FILE";
constexpr const char* uri = "URI";
constexpr const char* module = "MODULE";
constexpr const char* bank = "BANK";
constexpr const char* sha256 = "SHA256";
constexpr const char* duration = "DURATION";
constexpr const char* user = "ID";
constexpr const char* number = "N";
}  // namespace kind

}  // namespace

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
  app->add_option(name, value, text(description))->option_text(kind);
}

void Grammar::add_global_options() {
  option(&app_, "--settings", arguments_.settings_file, kind::file, texts::cli_help_settings);
  flag(&app_, "--json", arguments_.json, texts::cli_help_json);
  flag(&app_, "-q,--quiet", arguments_.quiet, texts::cli_help_quiet);
  flag(&app_, "--progress", arguments_.progress, texts::cli_help_progress);
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

void Grammar::add_prune() {
  CLI::App* app = command(app_, "prune", texts::cli_help_prune, Command::prune, texts::cli_help_prune_more);
  token_options(app);
  bank_option(app);
  option(app, "--certificate", arguments_.certificate, kind::sha256, texts::cli_help_certificate_to_delete);
  flag(app, "-y,--yes", arguments_.yes, texts::cli_help_yes);
  flag(app, "--also-not-renewed", arguments_.also_not_renewed, texts::cli_help_also_not_renewed);
  flag(app, "--also-encryption", arguments_.also_encryption, texts::cli_help_also_encryption);
  secret_options(app);
}

void Grammar::add_cancel() {
  CLI::App* app =
      command(app_, "cancel", texts::cli_help_cancel, Command::cancel, texts::cli_help_cancel_more);
  token_options(app);
  bank_option(app);
  flag(app, "--keep-key", arguments_.keep_key, texts::cli_help_keep_key);
  flag(app, "-y,--yes", arguments_.yes, texts::cli_help_yes_cancel);
  secret_options(app);
}

void Grammar::add_records() {
  command(app_, "status", texts::cli_help_status, Command::status, texts::cli_help_status_more);
  CLI::App* history =
      command(app_, "history", texts::cli_help_history, Command::history, texts::cli_help_history_more);
  history->add_option("--limit", arguments_.limit, text(texts::cli_help_limit))
      ->option_text(kind::number)
      ->check([](const std::string& value) {
        const bool digits =
            !value.empty() && value.size() <= 4 &&
            std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
        return digits && value != "0" ? std::string() : "'" + value + "' is not a number from 1 to 9999";
      });
}

void Grammar::add_doctor() {
  CLI::App* app =
      command(app_, "doctor", texts::cli_help_doctor, Command::doctor, texts::cli_help_doctor_more);
  token_options(app);
  bank_option(app);
  secret_options(app);
  flag(app, "--passphrase-stdin", arguments_.passphrase_stdin, texts::cli_help_passphrase_stdin);
}

/// A word that commands stand behind.
CLI::App* Grammar::group(const std::string& name, const Text& description) {
  CLI::App* app = app_.add_subcommand(name, text(description));
  app->group(text(texts::cli_help_commands));
  app->require_subcommand(1);
  app->get_help_ptr()->group(text(texts::cli_help_options));
  return app;
}

void Grammar::add_pin() {
  CLI::App* pin = group("pin", texts::cli_help_pin);
  const auto common = [this](CLI::App* app) {
    token_options(app);
    bank_option(app);
    flag(app, "--new-pin-stdin", arguments_.new_pin_stdin, texts::cli_help_new_pin_stdin);
    pinentry_options(app);
    flag(app, "--insist-final-try", arguments_.insist_final_try, texts::cli_help_insist_final_try);
  };
  CLI::App* change = command(*pin, "change", texts::cli_help_pin_change, Command::pin_change,
                             texts::cli_help_pin_change_more);
  flag(change, "--pin-stdin", arguments_.pin_stdin, texts::cli_help_pin_stdin);
  flag(change, "--insist-count-low", arguments_.insist_count_low, texts::cli_help_insist_count_low);
  common(change);
  const auto reset = [&](const char* name, const Text& description, Command which) {
    CLI::App* app = command(*pin, name, description, which, texts::cli_help_pin_reset_more);
    flag(app, "--so-pin-stdin", arguments_.so_pin_stdin, texts::cli_help_so_pin_stdin);
    flag(app, "--puk-stdin", arguments_.puk_stdin, texts::cli_help_puk_stdin);
    common(app);
  };
  reset("set", texts::cli_help_pin_set, Command::pin_set);
  reset("unlock", texts::cli_help_pin_unlock, Command::pin_unlock);
}

void Grammar::add_config() {
  CLI::App* config = group("config", texts::cli_help_config);
  command(*config, "check", texts::cli_help_config_check, Command::config_check, texts::cli_help_config_more);
  command(*config, "show", texts::cli_help_config_show, Command::config_show, texts::cli_help_config_more);
}

}  // namespace koshin::cli
