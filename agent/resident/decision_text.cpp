// SPDX-License-Identifier: MIT
// Decisions in words.
#include "resident/decision_text.hpp"

#include <algorithm>
#include <filesystem>

#include "renewal/policy/decision_words.hpp"

namespace koshin::resident {
namespace {

using renewal::Decision;

// What the person can do about it.
constexpr Text renew_with_command{"Leave the token in and run “koshin renew” in a terminal.",
                                  "トークンを挿したまま、端末で「koshin renew」を実行してください。"};
constexpr Text ask_administrator{"Ask your administrator to authorise a re-issue, then run “koshin enroll”.",
                                 "管理者に再発行の許可を依頼し、その後「koshin enroll」を実行してください。"};
constexpr Text check_date{
    "If the date of this computer is right, ask your administrator to authorise a re-issue, then run “koshin "
    "enroll”.",
    "パソコンの日付が正しければ、管理者に再発行の許可を依頼し、その後「koshin enroll」を実行してください。"};
constexpr Text look_with_command{
    "Leave the token in and run “koshin inspect --pinentry” or “koshin renew” in a terminal.",
    "トークンを挿したまま、端末で「koshin inspect --pinentry」または「koshin renew」を実行してください。"};
constexpr Text nothing_to_do{"There is nothing to do.", "操作は不要です。"};

Text action_for(Decision decision) {
  switch (decision) {
    case Decision::due:
    case Decision::resume_unfinished:
    case Decision::expired_in_grace:
    case Decision::proof_left:
      return renew_with_command;
    case Decision::cannot_be_told:
      return look_with_command;
    case Decision::reissue_needed:
      return check_date;
    case Decision::certificate_missing:
    case Decision::key_missing:
      return ask_administrator;
    default:
      return nothing_to_do;
  }
}

/// `left` is rounded down: what expired an hour ago has -1.
std::string days_text(long left, Language language) {
  const bool expired = left < 0;
  const long days = expired ? -left - 1 : left;
  if (language == Language::japanese) {
    const std::string count = days == 0 ? (expired ? "過去 24 時間以内" : "24 時間未満")
                                        : std::to_string(days) + (expired ? " 日前" : " 日");
    return expired ? count + "に期限切れ" : (days == 0 ? "残り " : "あと ") + count;
  }
  const std::string count = days == 0   ? "less than a day"
                            : days == 1 ? "1 day"
                                        : std::to_string(days) + " days";
  return expired ? "expired " + count + " ago" : count + " left";
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

std::string name_of(const Prompt& prompt) {
  return prompt.token_label + (prompt.bank_name.empty() ? "" : " (" + printable(prompt.bank_name, 60) + ")");
}

Notice notice_for(const Prompt& prompt, Language language) {
  const bool japanese = language == Language::japanese;
  Notice notice;
  notice.title = in_words(prompt.decision, language);
  if (!prompt.bank_name.empty()) notice.title += " (" + printable(prompt.bank_name, 60) + ")";
  if (notice.title[0] >= 'a' && notice.title[0] <= 'z')
    notice.title[0] = static_cast<char>(notice.title[0] - 'a' + 'A');
  notice.body = japanese ? "トークン「" + prompt.token_label + "」" : "Token “" + prompt.token_label + "”";
  if (prompt.not_after) {
    notice.body += (japanese ? "の証明書の有効期限: " : ", certificate valid until ") +
                   to_local_words(*prompt.not_after, japanese);
    if (prompt.days_left) notice.body += " (" + days_text(*prompt.days_left, language) + ")";
  }
  notice.body += japanese ? "。" : ". ";
  notice.body += action_for(prompt.decision).in(language);
  notice.urgent = is_urgent(prompt);
  return notice;
}

Notice notice_for_waiting(const std::vector<std::string>& labels, Language language) {
  constexpr std::size_t most_names = 10;
  const bool japanese = language == Language::japanese;
  std::string names;
  for (std::size_t i = 0; i < std::min(labels.size(), most_names); ++i)
    names += (i == 0 ? "" : japanese ? "、" : ", ") + printable(labels[i], 60);
  const std::string more = std::to_string(labels.size() - std::min(labels.size(), most_names));
  if (labels.size() > most_names) names += japanese ? " ほか " + more + " 個" : " and " + more + " more";
  if (japanese)
    return {"ほかにも " + std::to_string(labels.size()) + " 個のトークンが更新時期です",
            names + "\n今の画面を閉じると、順番にご案内します。一覧は koshin status で確認できます。", false};
  return {
      std::to_string(labels.size()) + (labels.size() == 1 ? " more token is due" : " more tokens are due"),
      names + "\nThey are shown one after the other when this one is done; koshin status lists them.", false};
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
