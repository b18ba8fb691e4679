// SPDX-License-Identifier: MIT
// Rows of the failure table: what was issued, and what was found after writing. Part of failure_table.cpp.
#pragma once

#include "foundation/failures/failure.hpp"

namespace koshin::failure_rows {

inline constexpr ReasonInfo issued[] = {
    {Reason::issued_key_mismatch,
     "issued_key_mismatch",
     Retry::never,
     100,
     {"The authority sent a certificate for somebody else's key, so it was not put on the token.",
      "Ask your administrator. Your current certificate can still be used.",
      "Report it to the operator of the authority: the answer belongs to another request."},
     {"認証局から届いた電子証明書が、お使いの鍵のものではなかったため、トークンに入れませんでした。",
      "管理者にご連絡ください。今お使いの電子証明書はそのまま使えます。",
      "別の申請への回答が届いています。認証局の運用担当に連絡してください。"}},
    {Reason::issued_subject_changed,
     "issued_subject_changed",
     Retry::never,
     101,
     {"The name in the new certificate is not the same as before, so it was not put on the token.",
      "Ask your administrator. Your current certificate can still be used.",
      "The subject must stay byte for byte the same; the detail shows both. Ask the operator of the "
      "authority."},
     {"新しい電子証明書の名義が以前と異なるため、トークンに入れませんでした。",
      "管理者にご連絡ください。今お使いの電子証明書はそのまま使えます。",
      "名義 (subject) "
      "は以前と完全に同じである必要があります。両方が詳細欄に出ています。認証局の運用担当にお問い合わせくださ"
      "い。"}},
    {Reason::issued_san_changed,
     "issued_san_changed",
     Retry::never,
     102,
     {"The additional names in the new certificate are not the same as before, so it was not put on the "
      "token.",
      "Ask your administrator. Your current certificate can still be used.",
      "The subjectAltName must stay byte for byte the same; ask the operator of the authority."},
     {"新しい電子証明書の別名の記載が以前と異なるため、トークンに入れませんでした。",
      "管理者にご連絡ください。今お使いの電子証明書はそのまま使えます。",
      "別名 (subjectAltName) "
      "は以前と完全に同じである必要があります。認証局の運用担当にお問い合わせください。"}},
    {Reason::issued_policy_mismatch,
     "issued_policy_mismatch",
     Retry::never,
     103,
     {"The new certificate does not look the way your company expects, so it was not put on the token.",
      "Ask your administrator. Your current certificate can still be used.",
      "Compare the detail with the [expect] settings, and correct the settings or ask the operator of the "
      "authority."},
     {"新しい電子証明書の内容が社内の決まりと合わないため、トークンに入れませんでした。",
      "管理者にご連絡ください。今お使いの電子証明書はそのまま使えます。",
      "詳細欄と設定の [expect] を比べ、設定を直すか、認証局の運用担当にお問い合わせください。"}},
    {Reason::issued_chain_untrusted,
     "issued_chain_untrusted",
     Retry::never,
     104,
     {"The new certificate was not signed by an authority that is trusted here, so it was not put on the "
      "token.",
      "Ask your administrator. Your current certificate can still be used.",
      "Set authority.issuer_anchors to the root certificate that issues your users' certificates."},
     {"新しい電子証明書の発行元を確認できないため、トークンに入れませんでした。",
      "管理者にご連絡ください。今お使いの電子証明書はそのまま使えます。",
      "設定の authority.issuer_anchors "
      "に、利用者の電子証明書を発行する認証局のルート証明書を指定してください。"}},
    {Reason::issued_validity_invalid,
     "issued_validity_invalid",
     Retry::never,
     105,
     {"The dates of the new certificate make no sense, so it was not put on the token.",
      "Check the date of your computer; if it is right, ask your administrator. Your current certificate can "
      "still be used.",
      "It must be valid now and longer than the old one; the detail shows the dates. Ask the operator of the "
      "authority."},
     {"新しい電子証明書の有効期間が正しくないため、トークンに入れませんでした。",
      "パソコンの日付をご確認ください。正しい場合は、管理者にご連絡ください。今お使いの電子証明書はそのまま使"
      "えます。",
      "現在有効で、以前のものより期限が長い必要があります。日付は詳細欄に出ています。認証局の運用担当にお問い"
      "合わせください。"}},
    {Reason::issued_usage_changed,
     "issued_usage_changed",
     Retry::never,
     106,
     {"The new certificate could not be used for the same purposes as the old one, so it was not put on the "
      "token.",
      "Ask your administrator. Your current certificate can still be used.",
      "Key usage and extended key usage must be kept, and the certificate must be in the form of RFC 5280; "
      "the detail says what is wrong. Ask the operator of the authority."},
     {"新しい電子証明書は以前と同じ用途に使えないため、トークンに入れませんでした。",
      "管理者にご連絡ください。今お使いの電子証明書はそのまま使えます。",
      "鍵の用途 (keyUsage、extendedKeyUsage) が維持され、RFC 5280 "
      "の形式に従っている必要があります。問題の箇所は詳細欄に出ています。認証局の運用担当にお問い合わせくださ"
      "い。"}},
    {Reason::issued_too_weak,
     "issued_too_weak",
     Retry::never,
     107,
     {"The new certificate is too weak for today's rules, so it was not put on the token.",
      "Ask your administrator. Your current certificate can still be used.",
      "The detail says what is weak (a SHA-1 signature, a short key), in the certificate or in its chain, "
      "and by which rule of this computer's OpenSSL. Ask the operator of the authority."},
     {"新しい電子証明書の暗号の強度が現在の基準に達していないため、トークンに入れませんでした。",
      "管理者にご連絡ください。今お使いの電子証明書はそのまま使えます。",
      "電子証明書またはそのチェーンのどこが弱いか (SHA-1 の署名、短い鍵など) と、このパソコンの OpenSSL "
      "のどの基準によるかは、詳細欄に出ています。認証局の運用担当にお問い合わせください。"}},
    {Reason::answer_wrong_twice,
     "answer_wrong_twice",
     Retry::after_user_action,
     108,
     {"Twice in a row the authority's answer could not be used or did not arrive, so it was not asked again "
      "by "
      "itself.",
      "Ask your administrator. When the cause is put right, renew once more, or give the renewal up.",
      "Each try may make the authority issue another certificate. The detail names what was wrong: put it "
      "right, "
      "then koshin renew --force asks once more, as often as a person wants it; koshin cancel gives the "
      "renewal "
      "up."},
     {"認証局からの回答が 2 "
      "回続けて使用できなかったか、届かなかったため、自動ではもう一度申請しませんでした。",
      "管理者にご連絡ください。原因が解決したら、もう一度更新するか、この更新を取りやめてください。",
      "申請のたびに、認証局が新しい電子証明書を発行する可能性があります。詳細欄の問題を解決してから、koshin "
      "renew --force でもう一度申請するか (何度でも実行できます)、koshin cancel "
      "で更新を取りやめてください。"}},
    {Reason::readback_mismatch,
     "readback_mismatch",
     Retry::later,
     110,
     {"What the token gave back is not what was written to it.",
      "Keep the token, take it out, put it in again and try once more. The old certificate is still on it.",
      "The token or its module is faulty: replace it if this happens again. The journal holds the new "
      "certificate."},
     {"トークンから読み戻した内容が、書き込んだ内容と一致しませんでした。",
      "トークンを一度抜いて挿し直し、もう一度お試しください。古い電子証明書はトークンに残っています。",
      "繰り返す場合はトークンまたはそのソフトウェアの故障が疑われるため、交換してください。新しい電子証明書は"
      "記録に残っています。"}},
    {Reason::proof_impossible,
     "proof_impossible",
     Retry::never,
     112,
     {"It cannot be found out whether a new certificate logs in: the page that is set for it does not show "
      "that.",
      "Ask your administrator to correct the page. Go on using the certificate you have; it was not changed.",
      "Correct authority.prove_url: a page on a server that this computer finds and trusts, that asks for "
      "the "
      "certificate and answers by itself. The detail says what is wrong with this one. Then renew again: a "
      "certificate that is on the token already is only tried there."},
     {"新しい電子証明書でログインできるかどうかを確認できません。確認先に設定されているページが適切ではありま"
      "せん。",
      "確認先の設定を直すよう、管理者に依頼してください。今お使いの電子証明書は変わっていませんので、そのまま"
      "お使いください。",
      "設定の authority.prove_url "
      "を直してください。このパソコンから接続でき、信頼され、電子証明書の提示を求め"
      "、"
      "それ自身が応答するページを指定します。何が適切でないかは詳細欄に出ています。その後もう一度更新してくだ"
      "さい。すでにトークンに入っている電子証明書については、ログインの確認だけを行います。"}},
    {Reason::proof_failed,
     "proof_failed",
     Retry::later,
     111,
     {"The new certificate is on the token, but logging in with it did not work yet.",
      "Go on using the old certificate, which is still there. Renew again later: the log-in is tried again, "
      "or, "
      "where the detail says that this certificate is given up, another one is asked for.",
      "The detail holds the server's answer: it may not know the new certificate yet. authority.prove_url "
      "sets where it logs in."},
     {"新しい電子証明書はトークンに入りましたが、それを使ったログインの確認がまだできていません。",
      "古い電子証明書も残っていますので、そのままお使いください。後でもう一度更新してください。ログインの確認"
      "を"
      "もう一度行います。詳細欄に使用を取りやめたと出ている場合は、あらためて発行を受けます。",
      "詳細欄にサーバーの回答が出ています。新しい電子証明書がまだ登録されていない可能性があります。確認先は設"
      "定の authority.prove_url です。"}},
};

}  // namespace koshin::failure_rows
