// SPDX-License-Identifier: MIT
// koshin-ui: the program with the user interface. Started by koshin-agent, or by hand.
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <memory>

#include "foundation/base/path_text.hpp"
#include "foundation/log/log.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/settings/default_settings.hpp"
#include "foundation/system/standard_streams.hpp"
#include "ui-bridge/desk/application.hpp"
#include "ui-bridge/desk/bank_choice.hpp"
#include "ui-bridge/desk/link_pause.hpp"
#include "ui-bridge/desk/options.hpp"
#include "ui-bridge/desk/primary_instance.hpp"
#include "ui-bridge/desk/reminders.hpp"
#include "ui-bridge/mail/mail_errand.hpp"
#include "ui-bridge/page/page_view.hpp"

namespace {

koshin::Deployment read_deployment(const std::string& settings_file) {
  auto sources = koshin::SettingsSources::standard();
  if (!settings_file.empty()) sources.only = koshin::path_of(settings_file);
  return koshin::load_deployment(sources);
}

/// Whether koshin-agent has seen wrong settings, and this program is to tell the person so.
bool is_about_settings(const koshin::ui::Options& options) {
  using namespace koshin;
  return options.occasion.reason == info(Reason::settings_invalid).id ||
         options.occasion.reason == info(Reason::settings_unsafe).id;
}

koshin::Language language_of(const koshin::ui::Options& options) {
  return koshin::parse_language(options.language).value_or(koshin::language_of_session());
}

/// read_deployment() for a page: with wrong settings the page opens all the same, with the defaults, and says
/// what is wrong; after a desktop message where it is about nothing else. A reminder opens no page: a desktop
/// message says it all.
koshin::Deployment deployment_for(koshin::ui::Options& options) {
  try {
    return read_deployment(options.occasion.settings_file);
  } catch (const koshin::FailureError& error) {
    const auto& failure = error.failure();
    koshin::log::error(
        koshin::log::Event::settings_rejected,
        options.remind ? "The settings are wrong; nothing is told of what expires."
                       : "The settings are wrong; the page says so.",
        {{"KOSHIN_REASON", koshin::info(failure.reason).id}, {"KOSHIN_DETAIL", failure.detail}});
    if (options.remind) {
      koshin::ui::tell_of_wrong_settings(failure, language_of(options));
      throw;
    }
    options.occasion.obstacle = failure;
    options.occasion.bank.clear();
    options.page_only = options.page_only || !is_about_settings(options);
    return koshin::default_deployment();
  }
}

/// The settings of the page's bank; without --bank that is the bank that needs attention, as far as
/// known.
koshin::Settings read_settings(const koshin::Deployment& deployment, koshin::ui::Occasion& occasion) {
  if (occasion.bank.empty()) occasion.bank = koshin::ui::bank_needing_attention(deployment, occasion);
  return koshin::settings_for(deployment, occasion.bank);
}

/// Whether this program's work is done: a link came too soon after another one, or led to the page that is
/// open, which takes the launcher.
bool link_is_done(const koshin::ui::Options& options, std::unique_ptr<koshin::ui::BrowserLauncher>& browser) {
  using namespace koshin;
  if (options.link_had_more)
    log::warning(log::Event::none, "a link held more than its word, which was ignored",
                 {{"KOSHIN_LINK", std::string(ui::to_string(*options.link))}});
  if (!ui::admit_link()) {
    log::warning(log::Event::none, "a link was not followed: it came within five seconds of another one");
    return true;
  }
  const auto page = ui::activate_primary_instance(*options.link);
  if (!page) return false;
  if (page->url.empty() || browser == nullptr) return true;
  boost::asio::io_context context;
  browser->open(context, *page, [] {});
  browser.reset();  // before its context
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace koshin;
  begin_program();
  auto browser = ui::BrowserLauncher::prepare();
  hardening::protect_process();
  log::configure("koshin-ui", log::Level::info);  // the settings, which set the level, come later
  ui::CommandLine command = ui::parse_command_line(argc, argv);
  if (!command.options) return command.exit_code;
  command.options->window_possible = ui::page_possible();
  try {
    if (command.options->link && link_is_done(*command.options, browser)) return 0;
    const Deployment deployment = deployment_for(*command.options);
    if (command.options->remind) {
      log::configure("koshin-ui", deployment.base.log.level);
      ui::MailErrand mail(command.options->occasion.settings_file, command.options->window_possible);
      ui::remind(deployment, language_of(*command.options), mail);
      return 0;
    }
    if (is_about_settings(*command.options) && !command.options->occasion.obstacle) {
      log::info(log::Event::none, "the settings have been put right meanwhile: there is nothing to tell");
      return 0;
    }
    const Settings settings = read_settings(deployment, command.options->occasion);
    log::configure("koshin-ui", settings.log.level);
    const auto page = [&](boost::asio::io_context& context, ui::Wizard& wizard, ui::ViewListener& listener) {
      return ui::make_page_view(context, wizard, listener,
                                {settings, std::move(browser), command.options->print_url});
    };
    const ui::Outcome outcome = ui::Application(settings, *command.options, page).run();
    if (command.options->print_url) {
      std::printf("%.*s\n", static_cast<int>(ui::to_string(outcome).size()), ui::to_string(outcome).data());
      std::fflush(stdout);
    }
    // koshin-agent then shows a plain notification.
    return outcome == ui::Outcome::failed ? info(Reason::internal_error).exit_code : 0;
  } catch (const FailureError& error) {
    const auto words = info(error.failure().reason).in(language_of(*command.options));
    std::fprintf(stderr, "koshin-ui: %s (%s)\n%s\n", std::string(words.cause).c_str(),
                 error.failure().detail.c_str(), std::string(words.user_action).c_str());
    return error.failure().exit_code();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin-ui: %s\n", error.what());
    return info(Reason::internal_error).exit_code;
  }
}
