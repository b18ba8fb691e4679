// SPDX-License-Identifier: MIT
// Choice of a token from a list.
#include "cli/token_choice.hpp"

#include <charconv>

#include "foundation/texts/cli.hpp"

namespace koshin::cli {
namespace {

messages::TokenReport ask_which(const Session& session, const std::vector<messages::TokenReport>& tokens,
                                Terminal& terminal) {
  std::vector<std::string> names;
  names.reserve(tokens.size());
  for (const auto& token : tokens) names.push_back(token_name(token));
  return tokens[choose_number(session, terminal, session.console.say(texts::cli_choice_several), names,
                              session.console.say(texts::cli_choice_which))];
}

}  // namespace

std::size_t choose_number(const Session& session, Terminal& terminal, const std::string& title,
                          const std::vector<std::string>& names, const std::string& question) {
  terminal.show(title + "\n");
  for (std::size_t i = 0; i < names.size(); ++i)
    terminal.show("  " + std::to_string(i + 1) + ") " + names[i] + "\n");
  const std::string answer = terminal.ask(question, session.interrupt);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(answer.data(), answer.data() + answer.size(), number);
  const bool whole = error == std::errc() && end == answer.data() + answer.size();
  if (!whole || number < 1 || number > names.size()) fail(Reason::interrupted, "no token was chosen");
  return number - 1;
}

std::string token_name(const messages::TokenReport& token) {
  return "\"" + token.label + "\" (" + token.model + ", " + token.serial + ")";
}

messages::TokenReport choose_token(const Session& session, const messages::InspectResult& found,
                                   Terminal* terminal) {
  std::vector<messages::TokenReport> usable;
  for (const auto& token : found.tokens)
    if (token.initialized) usable.push_back(token);
  if (usable.size() == 1) return usable.front();
  if (usable.size() > 1) {
    if (terminal != nullptr) return ask_which(session, usable, *terminal);
    std::string names;
    for (const auto& token : usable) names += (names.empty() ? "" : "; ") + token.uri;
    fail(Reason::token_ambiguous, "name one with --token: " + names);
  }
  if (!found.modules_in_trouble.empty()) {
    Failure failure = found.modules_in_trouble.front().failure;
    failure.detail = found.modules_in_trouble.front().module + ": " + failure.detail;
    throw FailureError(std::move(failure));
  }
  // All modules have only empty slots or uninitialised tokens.
  if (!found.tokens.empty()) fail(Reason::token_uninitialized, token_name(found.tokens.front()));
  const bool named = !session.arguments.token_uri.empty();
  fail(Reason::token_not_found, named                                 ? "no token fits what --token names"
                                : !session.settings.token.uri.empty() ? "no token fits token.uri"
                                                                      : "no module reports a token");
}

}  // namespace koshin::cli
