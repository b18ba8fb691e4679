// SPDX-License-Identifier: MIT
// Three options are not worth a parser that stays in memory.
#include "resident/arguments.hpp"

#include <charconv>

#include "foundation/base/option_name.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::resident {
namespace {

constexpr char usage[] =
    "usage: koshin-agent [--settings FILE] [--exit-when-idle SECONDS]\n"
    "\n"
    "Watches the card readers of this session and tells its user when a certificate on a token is due for "
    "renewal.\n"
    "\n"
    "  --settings FILE           use this file in place of the user's own settings (root's: alone)\n"
    "  --exit-when-idle SECONDS  leave when there has been no reader for so long (1 to 86400)\n"
    "  --help, --version\n"
    "\n"
    "One agent runs for each user; another one says so and leaves. koshin-agent(8) tells the rest.\n";

std::chrono::seconds parse_seconds(const std::string& text) {
  constexpr int longest = 86'400;
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 1 || seconds > longest) {
    fail(Reason::usage_error, "--exit-when-idle wants a number of seconds from 1 to 86400");
  }
  return std::chrono::seconds{seconds};
}

}  // namespace

AgentArguments parse_agent_arguments(const std::vector<std::string>& words) {
  AgentArguments arguments;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--help") {
      arguments.information = usage;
    } else if (word == "--version") {
      arguments.information = "koshin-agent " KOSHIN_VERSION "\n";
    } else if (word == "--settings" || word == "--exit-when-idle") {
      if (++i == words.size()) fail(Reason::usage_error, word + " wants a value");
      if (words[i].empty()) fail(Reason::usage_error, word + " wants a value, and this one is empty");
      if (word == "--settings") {
        arguments.settings_file = std::filesystem::absolute(path_of(words[i]));
      } else {
        arguments.exit_when_idle = parse_seconds(words[i]);
      }
    } else {
      fail(Reason::usage_error, "unknown argument “" + option_name(word) + "”; --help lists those there are");
    }
  }
  return arguments;
}

}  // namespace koshin::resident
