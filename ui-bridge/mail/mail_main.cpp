// SPDX-License-Identifier: MIT
// koshin-mail: sends one mail and ends. A program of its own, so that libcurl is loaded only while a mail is
// sent.
#include <curl/curl.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <clocale>
#include <cstdio>
#include <fstream>
#include <thread>

#include "foundation/base/clock.hpp"
#include "foundation/base/option_name.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/usage_exit.hpp"
#include "foundation/log/log.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "foundation/settings/personal_values.hpp"
#include "foundation/settings/settings.hpp"
#include "foundation/settings/settings_checks.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/system/file_access.hpp"
#include "foundation/system/random.hpp"
#include "foundation/system/standard_streams.hpp"
#include "foundation/system/user.hpp"
#include "mail_message.hpp"
#include "renewal/policy/renewed_purposes.hpp"
#include "smtp.hpp"

namespace {

using namespace koshin;

constexpr std::chrono::seconds pauses[] = {std::chrono::seconds{3}, std::chrono::seconds{15},
                                           std::chrono::seconds{0}};

struct Arguments {
  std::string expires, token_label, settings_file, bank, email, purpose;
  bool no_page = false, check = false, send_test = false;
};

/// Refuses anchors that other users can write: they determine the server that receives the password.
void check_anchors(const Settings::Mail& settings) {
  try {
    if (!settings.trust_anchors.empty()) check_nobody_else_writes(settings.trust_anchors);
  } catch (const UnsafeFile& error) {
    fail(Reason::settings_unsafe, std::string("mail.trust_anchors: ") + error.what());
  } catch (const std::system_error& error) {
    fail(Reason::settings_invalid, std::string("mail.trust_anchors: ") + error.what());
  }
}

SecureBuffer read_password(const Settings::Mail& settings) {
  if (settings.password_file.empty()) return SecureBuffer();
  return read_password_file(settings.password_file, "mail.password_file");
}

/// The recipient, with the user's values inserted. A certificate's address is untrusted: only a plain address
/// is used.
std::string recipient(const Settings::Mail& settings, const std::string& email) {
  const auto known = with_user(settings.to);
  if (!known) fail(Reason::settings_invalid, "mail.to: the system's user database does not know this user");
  const bool of_certificate = known->find(email_place) != std::string::npos;
  const bool is_plain =
      !of_certificate || std::ranges::all_of(email, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  std::string address = with_email(*known, email);
  if (is_plain && !address.empty() && settings_checks::mail_address(address).empty() &&
      settings_checks::is_sent_to(address))
    return address;
  if (of_certificate)
    fail(Reason::settings_invalid,
         "mail.to: the certificate names no plain mail address for " + std::string(email_place));
  // Not the address: this goes into logs, and the user's name is a person's.
  fail(Reason::settings_invalid,
       "mail.to is no plain mail address with a name in ASCII before the \"@\" once %u stands for the user");
}

Settings settings_of(const Arguments& arguments) {
  auto sources = SettingsSources::standard();
  if (!arguments.settings_file.empty()) sources.only = path_of(arguments.settings_file);
  Settings settings = load_settings(sources, arguments.bank);
  log::configure("koshin-mail", settings.log.level);
  if (settings.mail.url.empty())
    fail(Reason::settings_invalid, "mail.url, mail.from and mail.to are needed to send a mail");
  for (const LooseEnd& end : loose_ends(settings))
    if (end.key.starts_with("mail."))
      fail(Reason::settings_invalid, end.key + " comes to nothing without " + joined(end.missing));
  return settings;
}

/// --check and --send-test: one try, whose result is one line on stdout: what the server said or did not.
/// Where it could not be asked at all nothing is written there.
int try_settings(const Arguments& arguments) {
  Settings settings = settings_of(arguments);
  check_anchors(settings.mail);
  const SecureBuffer password = read_password(settings.mail);
  ui::Delivery delivery;
  if (arguments.check) {
    delivery = ui::try_server(settings.mail, password);
  } else {
    settings.mail.to = recipient(settings.mail, arguments.email);
    const Language language = parse_language(settings.mail.language).value_or(language_of_desktop);
    const std::string message = ui::compose_test_mail(settings, current_time(), language, computer_name(),
                                                      "<" + random_secret() + "@koshin.invalid>");
    delivery = ui::deliver(settings.mail, password, message);
  }
  std::puts(delivery.detail.c_str());
  return delivery.sent ? 0 : 1;
}

int send(const Arguments& arguments) {
  Settings settings = settings_of(arguments);
  const auto expires = parse_rfc3339(arguments.expires);
  if (!expires) fail(Reason::settings_invalid, "a date is needed to send a mail");
  settings.mail.to = recipient(settings.mail, arguments.email);
  check_anchors(settings.mail);
  const SecureBuffer password = read_password(settings.mail);
  const ui::MailNotice notice{*expires, current_time(), arguments.token_label,
                              renewal::renewed_purpose_of(arguments.purpose), !arguments.no_page};
  const Language language = parse_language(settings.mail.language).value_or(language_of_desktop);
  const std::string unique = random_secret();
  const std::string message =
      ui::compose_mail(settings, notice, language, "koshin-" + unique, "<" + unique + "@koshin.invalid>");
  ui::Delivery delivery;
  for (const auto pause : pauses) {
    delivery = ui::deliver(settings.mail, password, message);
    if (delivery.sent || !delivery.try_again) break;
    log::warning(log::Event::mail_failed, "a mail was not delivered; trying again",
                 {{"KOSHIN_DETAIL", delivery.detail}});
    std::this_thread::sleep_for(pause);
  }
  if (!delivery.sent) {
    log::error(log::Event::mail_failed, "the notice could not be sent by mail",
               {{"KOSHIN_DETAIL", delivery.detail}});
    return 1;
  }
  if (!delivery.detail.empty())
    log::warning(log::Event::mail_failed, "the copy of the notice could not be sent",
                 {{"KOSHIN_DETAIL", delivery.detail}});
  log::info(log::Event::mail_sent, "the notice was sent by mail", {{"KOSHIN_MAIL_TO", settings.mail.to}});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  begin_program();
  hardening::protect_process();
  CLI::App app("Sends the notice of an expiring certificate by e-mail, as the settings say.", "koshin-mail");
  Arguments arguments;
  app.add_option("--expires", arguments.expires, "When the certificate expires (RFC 3339)")
      ->check(refuse_empty_value);
  app.add_option("--email", arguments.email, "The address in the certificate, for mail.to")
      ->check(refuse_empty_value);
  app.add_option("--purpose", arguments.purpose,
                 "What the certificate is for: log_in (which it is without), signature or encryption")
      ->check(refuse_empty_value);
  app.add_option("--token-label", arguments.token_label, "The token's label");
  app.add_option("--bank", arguments.bank, "Which bank of the settings, by its name")
      ->check(refuse_empty_value);
  app.add_option("--settings", arguments.settings_file,
                 "Use this settings file in place of your own (root's: alone)")
      ->check(refuse_empty_value);
  app.add_flag("--no-page", arguments.no_page,
               "Name koshin renew in a terminal as the way, without a link: koshin-ui can open no page here");
  auto* const check = app.add_flag("--check", arguments.check,
                                   "Connect and authenticate only, and say how it went; send nothing");
  app.add_flag("--send-test", arguments.send_test, "Send one mail that says that it is a test")
      ->excludes(check);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return usage_exit_code(app.exit(error));
  }
  // For libcurl, which sends a domain of another script in its "xn--" form only where it can read it.
  std::setlocale(LC_CTYPE, "C.UTF-8");
  curl_global_init(CURL_GLOBAL_DEFAULT);
  try {
    return arguments.check || arguments.send_test ? try_settings(arguments) : send(arguments);
  } catch (const FailureError& error) {
    std::fprintf(stderr, "koshin-mail: %s: %s\n", std::string(info(error.failure().reason).id).c_str(),
                 error.failure().detail.c_str());
    return error.failure().exit_code();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin-mail: %s\n", error.what());
    return 1;
  }
}
