// SPDX-License-Identifier: MIT
// The name of each decision, and what it means in both languages.
#include "renewal/policy/decision_words.hpp"

namespace koshin::renewal {
namespace {

struct Words {
  std::string_view english, japanese;
};

Words words_for(Decision decision) {
  switch (decision) {
    case Decision::not_due:
      return {"renewal is not due yet", "更新時期ではありません"};
    case Decision::due:
      return {"renewal is due", "証明書の更新時期です"};
    case Decision::snoozed:
      return {"renewal is due; the person asked to be reminded next time", "更新時期です (次回通知を希望)"};
    case Decision::resume_unfinished:
      return {"an interrupted renewal can go on; nothing is lost",
              "中断した更新を再開できます。失われたものはありません"};
    case Decision::pending_at_authority:
      return {"the authority has the request and decides later", "認証局で審査中です"};
    case Decision::expired_in_grace:
      return {"the certificate has expired, and may still be renewed",
              "証明書は期限切れですが、まだ更新できます"};
    case Decision::reissue_needed:
      return {"the certificate has expired: a re-issue is needed",
              "証明書の期限が切れました。再発行が必要です"};
    case Decision::certificate_missing:
      return {"the certificate that was on this token is gone: a re-issue is needed",
              "このトークンの証明書が見つかりません。再発行が必要です"};
    case Decision::key_missing:
      return {"the certificate's private key is not on this token: a re-issue is needed",
              "証明書の秘密鍵がこのトークンにありません。再発行が必要です"};
    case Decision::proof_left:
      return {"another computer has written the new certificate; it has not been tried here yet",
              "別のパソコンで書き込まれた新しい証明書を、ここではまだ確認していません"};
    case Decision::cannot_be_told:
      return {"what is on this token shows only with the PIN: enter it to look",
              "このトークンの証明書は PIN を入力しないと見えません。PIN を入力して確認してください"};
    case Decision::nothing_of_ours:
      return {"nothing on this token is ours", "対象の証明書はありません"};
  }
  return {};
}

}  // namespace

std::string_view to_string(Decision decision) {
  switch (decision) {
    case Decision::not_due:
      return "not_due";
    case Decision::due:
      return "due";
    case Decision::snoozed:
      return "snoozed";
    case Decision::resume_unfinished:
      return "resume_unfinished";
    case Decision::pending_at_authority:
      return "pending_at_authority";
    case Decision::expired_in_grace:
      return "expired_in_grace";
    case Decision::reissue_needed:
      return "reissue_needed";
    case Decision::certificate_missing:
      return "certificate_missing";
    case Decision::key_missing:
      return "key_missing";
    case Decision::proof_left:
      return "proof_left";
    case Decision::cannot_be_told:
      return "cannot_be_told";
    case Decision::nothing_of_ours:
      return "nothing_of_ours";
  }
  return "";
}

std::string_view in_words(Decision decision, Language language) {
  const Words words = words_for(decision);
  return language == Language::japanese ? words.japanese : words.english;
}

std::optional<Decision> parse_decision(std::string_view text) {
  for (int i = 0; i <= static_cast<int>(Decision::nothing_of_ours); ++i) {
    const auto decision = static_cast<Decision>(i);
    if (to_string(decision) == text) return decision;
  }
  return {};
}

}  // namespace koshin::renewal
