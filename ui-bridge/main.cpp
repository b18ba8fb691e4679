// SPDX-License-Identifier: MIT
// koshin-ui: the program with the user interface. Started by koshin-agent, or by hand.
#include <cstdio>

#include "application.hpp"
#include "bank_choice.hpp"
#include "foundation/log/log.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/system/standard_streams.hpp"
#include "options.hpp"
#include "page_view.hpp"

namespace {

/// Reads the settings of the page's bank; without --bank that is the bank that needs attention, as far as
/// known.
koshin::Settings read_settings(koshin::ui::Occasion& occasion) {
  auto sources = koshin::SettingsSources::standard();
  if (!occasion.settings_file.empty()) sources.only = occasion.settings_file;
  const auto deployment = koshin::load_deployment(sources);
  if (occasion.bank.empty()) occasion.bank = koshin::ui::bank_needing_attention(deployment, occasion);
  return koshin::settings_for(deployment, occasion.bank);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace koshin;
  begin_program();
  auto browser = ui::BrowserLauncher::prepare();
  hardening::protect_process();
  ui::CommandLine command = ui::parse_command_line(argc, argv);
  if (!command.options) return command.exit_code;
  try {
    const Settings settings = read_settings(command.options->occasion);
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
    const auto words = info(error.failure().reason)
                           .in(parse_language(command.options->language).value_or(language_of_session()));
    std::fprintf(stderr, "koshin-ui: %s (%s)\n%s\n", std::string(words.cause).c_str(),
                 error.failure().detail.c_str(), std::string(words.user_action).c_str());
    return error.failure().exit_code();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "koshin-ui: %s\n", error.what());
    return info(Reason::internal_error).exit_code;
  }
}
