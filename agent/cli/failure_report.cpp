// SPDX-License-Identifier: MIT
// Reports of commands that failed.
#include <algorithm>

#include "cli/json_output.hpp"
#include "cli/report.hpp"
#include "foundation/texts/cli.hpp"

namespace koshin::cli {

void tell_what_to_do(const Console& console, const Failure& failure) {
  const ReasonInfo& row = info(failure.reason);
  console.trouble(console.say(texts::cli_failure_user_action, {console.say(row.user_action)}));
  if (failure.retry_after)
    console.trouble(console.say(texts::cli_failure_wait_until,
                                {to_local_text(current_time() + *failure.retry_after, console.language())}));
  console.trouble(
      console.say(texts::cli_failure_administrator_action, {console.say(row.administrator_action)}));
  console.trouble(console.say(texts::cli_failure_details,
                              {row.id, failure.detail.empty() ? "" : ": " + printable(failure.detail),
                               std::to_string(row.exit_code)}));
}

int report_failure(const Console& console, std::string_view command, const Failure& failure) {
  const ReasonInfo& row = info(failure.reason);
  console.document(failure_json(command, failure, console.language()));
  console.trouble(console.paint(Shade::bad, "koshin: " + console.say(row.cause)));
  tell_what_to_do(console, failure);
  return row.exit_code;
}

int report_wrong_settings(const Console& console, std::string_view command,
                          const std::vector<Failure>& mistakes) {
  constexpr std::size_t most_shown = 20;
  const Failure& first = mistakes.front();
  if (mistakes.size() == 1) return report_failure(console, command, first);
  console.document(wrong_settings_json(command, mistakes, console.language()));
  console.trouble(console.paint(Shade::bad, "koshin: " + console.say(info(first.reason).cause)));
  for (std::size_t i = 0; i < std::min(mistakes.size(), most_shown); ++i)
    console.trouble("  " + mistakes[i].detail);
  if (mistakes.size() > most_shown)
    console.trouble(
        console.say(texts::cli_config_more_mistakes, {std::to_string(mistakes.size() - most_shown)}));
  tell_what_to_do(console, {first.reason, {}, {}});
  const auto other =
      std::ranges::find_if(mistakes, [&](const Failure& mistake) { return mistake.reason != first.reason; });
  if (other != mistakes.end()) tell_what_to_do(console, {other->reason, {}, {}});
  return first.exit_code();
}

int report_nothing_due(const Console& console, const Failure& failure) {
  console.document(nothing_due_json(failure, console.language()));
  console.print(info(failure.reason).cause);
  return 0;
}

int report_declined(const Console& console, std::string_view command, const Declined& declined) {
  console.document(failure_json(command, declined.failure(), console.language()));
  console.trouble("koshin: " + console.say(declined.said()));
  return declined.failure().exit_code();
}

int report_wrong_usage(const Console& console, std::string_view command, const Failure& failure,
                       const std::string& in_words) {
  const ReasonInfo& row = info(failure.reason);
  console.document(failure_json(command, failure, console.language()));
  console.trouble(in_words.starts_with("koshin") ? in_words : "koshin: " + in_words);
  console.trouble(console.say(texts::cli_failure_nothing_done, {row.id, std::to_string(row.exit_code)}));
  return row.exit_code;
}

}  // namespace koshin::cli
