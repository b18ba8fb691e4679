// SPDX-License-Identifier: MIT
// The command line, by CLI11.
#include "options.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "foundation/base/option_name.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/failures/usage_exit.hpp"
#include "foundation/log/log.hpp"

namespace koshin::ui {

namespace {

/// False, with a line in the log, for an address that is no link of ours: whoever followed it from a browser
/// sees no terminal. What the address holds is repeated nowhere: anybody can have written it.
bool take_link(const std::string& address, Options& options) {
  const ReadLink read = read_link(address);
  if (!read.link) {
    log::warning(log::Event::none,
                 "a link was not followed: it is not one of koshin://open, koshin://renew, koshin://reissue; "
                 "nothing was opened");
    return false;
  }
  options.link = read.link;
  options.link_had_more = read.more_ignored;
  options.page_only = true;
  options.occasion.reissue_asked = read.link == Link::reissue;
  return true;
}

}  // namespace

CommandLine parse_command_line(int count, char** values) {
  CLI::App app(
      "Shows the certificate renewal wizard: a desktop message first, then a page in the default browser.",
      "koshin-ui");
  Options options;
  app.add_option("--token", options.occasion.token_uri,
                 "Which token, as an RFC 7512 URI (default: the one that needs it)")
      ->check(refuse_empty_value);
  app.add_option("--certificate", options.occasion.certificate_sha256,
                 "Which certificate, by its SHA-256 fingerprint")
      ->check(refuse_empty_value);
  app.add_option("--reason", options.occasion.reason,
                 "Why: a decision of koshin-agent, such as due or reissue_needed")
      ->check(refuse_empty_value);
  app.add_option("--due", options.occasion.due, "How many certificates of the token are due");
  app.add_option("--purpose", options.occasion.purpose,
                 "What the certificate is for where it does not log in: signature or encryption")
      ->check(refuse_empty_value);
  app.add_option("--bank", options.occasion.bank, "Which bank of the settings, by its name")
      ->check(refuse_empty_value);
  app.add_option("--settings", options.occasion.settings_file,
                 "Use this settings file in place of your own (root's: alone)")
      ->check(refuse_empty_value);
  app.add_option("--language", options.language,
                 "Language of desktop messages: " + language_tags(" or ") + " (default: the environment's)")
      ->check([](const std::string& value) {
        return parse_language(value) ? std::string() : "not one of " + language_tags(", ");
      });
  std::string link;
  CLI::Option* const link_option = app.add_option(
      "--link", link, "Open the page for a link: koshin://open, koshin://renew or koshin://reissue");
  app.add_flag("--page-only", options.page_only, "Open the page at once, without a desktop message");
  app.add_flag("--remind", options.remind,
               "Tell of certificates that expire on tokens that are not inserted, and end");
  app.add_flag("--print-url", options.print_url, "Print the page's address instead of opening a browser");
  try {
    app.parse(count, values);
  } catch (const CLI::ExtrasError&) {  // CLI11 would repeat the words, which may contain a PIN
    const auto words = app.remaining();
    std::fprintf(stderr, "koshin-ui: there is no option %s; --help lists those there are\n",
                 words.empty() ? "…" : option_name(words.front()).c_str());
    return {std::nullopt, info(Reason::usage_error).exit_code};
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, usage_exit_code(app.exit(error))};
  }
  if (*link_option && !take_link(link, options)) return {std::nullopt, info(Reason::usage_error).exit_code};
  return {options, 0};
}

}  // namespace koshin::ui
