// SPDX-License-Identifier: MIT
// The commands beside renew, enroll and inspect: what clears up, tells, checks and sets up.
#include <algorithm>

#include "cli/grammar.hpp"

namespace koshin::cli {

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
  option(app, "--certificate", arguments_.certificate, kind::sha256, texts::cli_help_certificate_to_give_up);
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
  flag(app, "--send-test-mail", arguments_.send_test_mail, texts::cli_help_send_test_mail);
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

void Grammar::add_browser() {
  CLI::App* browser = group("browser", texts::cli_help_browser);
  command(*browser, "add", texts::cli_help_browser_add, Command::browser_add, texts::cli_help_browser_more);
  command(*browser, "remove", texts::cli_help_browser_remove, Command::browser_remove,
          texts::cli_help_browser_more);
}

void Grammar::add_support_bundle() {
  CLI::App* app = command(app_, "support-bundle", texts::cli_help_support_bundle, Command::support_bundle,
                          texts::cli_help_support_bundle_more);
  option(app, "--output", arguments_.output, kind::file, texts::cli_help_output);
  flag(app, "-y,--yes", arguments_.yes, texts::cli_help_yes_support_bundle);
}

}  // namespace koshin::cli
