// SPDX-License-Identifier: MIT
// Names of commands, and the options that determine how errors in the command line are reported.
#include "cli/arguments.hpp"
#include "foundation/base/language.hpp"

namespace koshin::cli {

std::string_view to_string(Command command) {
  switch (command) {
    case Command::none:
      return "koshin";
    case Command::inspect:
      return "inspect";
    case Command::status:
      return "status";
    case Command::renew:
      return "renew";
    case Command::enroll:
      return "enroll";
    case Command::prune:
      return "prune";
    case Command::cancel:
      return "cancel";
    case Command::history:
      return "history";
    case Command::doctor:
      return "doctor";
    case Command::config_check:
      return "config check";
    case Command::config_show:
      return "config show";
    case Command::browser_add:
      return "browser add";
    case Command::browser_remove:
      return "browser remove";
    case Command::support_bundle:
      return "support-bundle";
    case Command::pin_change:
      return "pin change";
    case Command::pin_set:
      return "pin set";
    case Command::pin_unlock:
      return "pin unlock";
  }
  return "koshin";
}

Preferences scan_preferences(const std::vector<std::string>& words) {
  Preferences preferences{.language = language_of_environment()};
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    std::string_view value;
    if (words[i] == "--json") preferences.json = true;
    if (words[i] == "--language" && i + 1 < words.size()) value = words[i + 1];
    if (words[i].starts_with("--language=")) value = std::string_view(words[i]).substr(11);
    if (const auto language = parse_language(value)) preferences.language = *language;
  }
  return preferences;
}

}  // namespace koshin::cli
