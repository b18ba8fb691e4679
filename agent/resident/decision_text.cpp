// SPDX-License-Identifier: MIT
// Decisions in words.
#include "resident/decision_text.hpp"

#include <filesystem>

namespace koshin::resident {
namespace {

using renewal::Decision;

struct Words {
  const char* english;
  const char* japanese;
  const char* in(Language language) const { return language == Language::japanese ? japanese : english; }
};

/// What is the matter, as half a sentence; and what the person can do about it.
struct DecisionWords {
  Words matter, action;
};

constexpr Words renew_with_command{"Leave the token in and run “koshin renew” in a terminal.",
                                   "トークンを挿したまま、端末で「koshin renew」を実行してください。"};
constexpr Words ask_administrator{
    "Ask your administrator to authorise a re-issue, then run “koshin enroll”.",
    "管理者に再発行の許可を依頼し、その後「koshin enroll」を実行してください。"};
constexpr Words nothing_to_do{"There is nothing to do.", "操作は不要です。"};

DecisionWords words_for(Decision decision) {
  switch (decision) {
    case Decision::not_due:
      return {{"renewal is not due yet", "更新時期ではありません"}, nothing_to_do};
    case Decision::due:
      return {{"renewal is due", "証明書の更新時期です"}, renew_with_command};
    case Decision::snoozed:
      return {{"renewal is due; the person asked to be reminded next time", "更新時期です (次回通知を希望)"},
              nothing_to_do};
    case Decision::resume_unfinished:
      return {{"an interrupted renewal can go on; nothing is lost",
               "中断した更新を再開できます。失われたものはありません"},
              renew_with_command};
    case Decision::pending_at_authority:
      return {{"the authority has the request and decides later", "認証局で審査中です"}, nothing_to_do};
    case Decision::expired_in_grace:
      return {{"the certificate has expired, and may still be renewed",
               "証明書は期限切れですが、まだ更新できます"},
              renew_with_command};
    case Decision::reissue_needed:
      return {
          {"the certificate has expired: a re-issue is needed", "証明書の期限が切れました。再発行が必要です"},
          ask_administrator};
    case Decision::certificate_missing:
      return {{"the certificate that was on this token is gone: a re-issue is needed",
               "このトークンの証明書が見つかりません。再発行が必要です"},
              ask_administrator};
    case Decision::key_missing:
      return {{"the certificate's private key is not on this token: a re-issue is needed",
               "証明書の秘密鍵がこのトークンにありません。再発行が必要です"},
              ask_administrator};
    case Decision::nothing_of_ours:
      return {{"nothing on this token is ours", "対象の証明書はありません"}, nothing_to_do};
  }
  return {};
}

std::string days_text(long days, Language language) {
  if (language == Language::japanese) {
    return days < 0 ? std::to_string(-days) + "日前に期限切れ" : "残り" + std::to_string(days) + "日";
  }
  const std::string count =
      std::to_string(days < 0 ? -days : days) + (days == 1 || days == -1 ? " day" : " days");
  return days < 0 ? "expired " + count + " ago" : count + " left";
}

bool is_urgent(const Prompt& prompt) {
  constexpr long last_days = 3;
  switch (prompt.decision) {
    case Decision::due:
    case Decision::snoozed:
    case Decision::resume_unfinished:
      return prompt.days_left && *prompt.days_left <= last_days;
    default:
      return true;
  }
}

}  // namespace

std::string decision_text(const renewal::Verdict& verdict, Language language) {
  std::string text = words_for(verdict.decision).matter.in(language);
  if (verdict.certificate != nullptr) {
    text += " (" + verdict.certificate->common_name + ", " + to_rfc3339(verdict.certificate->not_after);
    if (verdict.days_left) text += ", " + days_text(*verdict.days_left, language);
    text += ")";
  }
  return text;
}

Notice notice_for(const Prompt& prompt, Language language) {
  const bool japanese = language == Language::japanese;
  const DecisionWords words = words_for(prompt.decision);
  Notice notice;
  notice.title = words.matter.in(language);
  if (notice.title[0] >= 'a' && notice.title[0] <= 'z')
    notice.title[0] = static_cast<char>(notice.title[0] - 'a' + 'A');
  notice.body = japanese ? "トークン「" + prompt.token_label + "」" : "Token “" + prompt.token_label + "”";
  if (prompt.not_after) {
    notice.body += (japanese ? "の証明書の有効期限: " : ", certificate valid until ") +
                   to_local_text(*prompt.not_after, japanese);
    if (prompt.days_left) notice.body += " (" + days_text(*prompt.days_left, language) + ")";
  }
  notice.body += japanese ? "。" : ". ";
  notice.body += words.action.in(language);
  notice.urgent = is_urgent(prompt);
  return notice;
}

Notice notice_for(const std::string& module, const Failure& failure, Language language) {
  const bool japanese = language == Language::japanese;
  const ReasonInfo::Texts& texts = info(failure.reason).texts(language);
  const std::string name = std::filesystem::path(module).filename().string();
  return {japanese ? "トークン用ソフトウェアの問題 (" + name + ")"
                   : "Trouble with the token software (" + name + ")",
          std::string(texts.cause) + (japanese ? "" : " ") + std::string(texts.user_action), false};
}

}  // namespace koshin::resident
