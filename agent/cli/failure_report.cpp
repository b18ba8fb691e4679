// SPDX-License-Identifier: MIT
// Reports of commands that failed.
#include "cli/json_output.hpp"
#include "cli/report.hpp"

namespace koshin::cli {

int report_failure(const Console& console, std::string_view command, const Failure& failure) {
  const ReasonInfo& row = info(failure.reason);
  const auto& texts = row.texts(console.language());
  console.document(failure_json(command, failure, console.language()));
  console.trouble("koshin: " + std::string(texts.cause));
  console.trouble(console.say({"  What you can do: {0}", "  対処: {0}"}, {texts.user_action}));
  if (failure.retry_after)
    console.trouble(console.say({"  Wait until:      {0}", "  再試行の目安: {0} 以降"},
                                {to_local_text(current_time() + *failure.retry_after, console.japanese())}));
  console.trouble(console.say({"  Administrator:   {0}", "  管理者へ: {0}"}, {texts.admin_action}));
  console.trouble(
      console.say({"  Details:         {0}{1} (exit code {2})", "  詳細: {0}{1} (終了コード {2})"},
                  {row.id, failure.detail.empty() ? "" : ": " + printable(failure.detail),
                   std::to_string(row.exit_code)}));
  return row.exit_code;
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
  console.trouble(console.say(
      {"  Nothing was done. ({0}, exit code {1})", "  何も行われていません。({0}、終了コード {1})"},
      {row.id, std::to_string(row.exit_code)}));
  return row.exit_code;
}

}  // namespace koshin::cli
