// SPDX-License-Identifier: MIT
// Decisions in words.
#include "resident/decision_text.hpp"

#include <algorithm>
#include <filesystem>

#include "desktop/message_text.hpp"
#include "foundation/base/path_text.hpp"
#include "foundation/base/pin_name.hpp"
#include "foundation/texts/agent.hpp"
#include "renewal/policy/decision_words.hpp"

namespace koshin::resident {
namespace {

using renewal::Decision;

std::string filled(const Text& text, Language language, std::initializer_list<PlaceValue> values) {
  return fill_named_places(text.in(language), {values.begin(), values.size()});
}

/// What the person can do about it.
Text action_for(Decision decision, std::size_t due) {
  if (due > 1) return texts::agent_renew_all_with_command;
  switch (decision) {
    case Decision::due:
    case Decision::resume_unfinished:
    case Decision::expired_in_grace:
    case Decision::proof_left:
      return texts::agent_renew_with_command;
    case Decision::cannot_be_told:
      return texts::agent_look_with_command;
    case Decision::reissue_needed:
      return texts::agent_check_date;
    case Decision::certificate_missing:
    case Decision::key_missing:
      return texts::agent_ask_administrator;
    default:
      return texts::agent_nothing_to_do;
  }
}

/// `left` is rounded down: what expired an hour ago has -1.
std::string days_text(long left, Language language) {
  if (left >= 0) return days_left_in_words(left, language);
  return filled(texts::agent_expired, language, {{"ago", days_ago_in_words(-left - 1, language)}});
}

bool is_urgent(const Prompt& prompt) {
  constexpr long last_days = 3;
  switch (prompt.decision) {
    case Decision::due:
    case Decision::snoozed:
    case Decision::resume_unfinished:
    case Decision::cannot_be_told:
    case Decision::proof_left:
      return prompt.days_left && *prompt.days_left <= last_days;
    default:
      return true;
  }
}

/// " (Sakura Bank)"; empty where there is one bank.
std::string bank_in_brackets(const Prompt& prompt, Language language) {
  const std::string& name = prompt.bank_name.in_any(language);
  return name.empty() ? std::string() : " (" + printable(name, 60) + ")";
}

}  // namespace

std::string decision_text(const renewal::Verdict& verdict, Language language) {
  std::string text(in_words(verdict.decision, language));
  if (verdict.certificate != nullptr) {
    text += " (" + verdict.certificate->common_name + ", " + to_rfc3339(verdict.certificate->not_after);
    if (verdict.days_left) text += ", " + days_text(*verdict.days_left, language);
    text += ")";
  }
  return text;
}

std::string name_of(const Prompt& prompt, Language language) {
  return prompt.token_label + bank_in_brackets(prompt, language);
}

Notice notice_for(const Prompt& prompt, Language language) {
  if (prompt.wrong_settings) return notice_for(*prompt.wrong_settings, language);
  Notice notice;
  notice.title = call_pin(in_words(prompt.decision, language), prompt.pin_name.in(language));
  notice.title += bank_in_brackets(prompt, language);
  if (notice.title[0] >= 'a' && notice.title[0] <= 'z')
    notice.title[0] = static_cast<char>(notice.title[0] - 'a' + 'A');
  const Text& form = !prompt.not_after   ? texts::agent_notice
                     : !prompt.days_left ? texts::agent_notice_until
                                         : texts::agent_notice_until_with_days;
  notice.body = filled(form, language,
                       {{"token", prompt.token_label},
                        {"date", prompt.not_after ? to_local_words(*prompt.not_after, language) : ""},
                        {"days", prompt.days_left ? days_text(*prompt.days_left, language) : ""},
                        {"action", call_pin(action_for(prompt.decision, prompt.due).in(language),
                                            prompt.pin_name.in(language))}});
  if (prompt.due > 1)
    notice.body = filled(texts::agent_several, language,
                         {{"count", std::to_string(prompt.due)}, {"notice", notice.body}});
  notice.urgent = is_urgent(prompt);
  return notice;
}

Notice notice_for_waiting(const std::vector<std::string>& labels, Language language) {
  constexpr std::size_t most_names = 10;
  std::string names;
  for (std::size_t i = 0; i < std::min(labels.size(), most_names); ++i)
    names += std::string(i == 0 ? "" : texts::agent_between_names.in(language)) + printable(labels[i], 60);
  if (labels.size() > most_names)
    names = filled(texts::agent_and_more, language,
                   {{"names", names}, {"count", std::to_string(labels.size() - most_names)}});
  const Text& title = labels.size() == 1 ? texts::agent_waiting_one_title : texts::agent_waiting_title;
  return {filled(title, language, {{"count", std::to_string(labels.size())}}),
          filled(texts::agent_waiting_body, language, {{"names", names}}), false};
}

Notice notice_for(const Failure& wrong_settings, Language language) {
  desktop::Words words = desktop::words_for_wrong_settings(wrong_settings, language);
  return {std::move(words.title), std::move(words.body), true};
}

Notice notice_for_journal(const Failure& why, Language language) {
  desktop::Words words = desktop::words_for_unusable_journal(why, language);
  return {std::move(words.title), std::move(words.body), false};
}

Notice notice_for(const std::string& module, const Failure& failure, Language language) {
  const auto words = info(failure.reason).in(language);
  return {filled(texts::agent_module_title, language, {{"module", path_of(module).filename().string()}}),
          filled(texts::agent_module_body, language,
                 {{"cause", std::string(words.cause)}, {"action", std::string(words.user_action)}}),
          false};
}

}  // namespace koshin::resident
