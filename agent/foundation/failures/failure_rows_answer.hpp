// SPDX-License-Identifier: MIT
// Rows of the failure table: what the authority answers. Part of failure_table.cpp.
#pragma once

#include "foundation/failures/failure.hpp"

namespace koshin::failure_rows {

inline constexpr ReasonInfo answer[] = {
    {Reason::authority_refused,
     "authority_refused",
     Retry::never,
     80,
     {"The authority refused the request.",
      "Ask your administrator, and show the authority's answer. Your current certificate was not changed.",
      "The detail holds the authority's answer. A refused request is not repeated by itself."},
     {"認証局が申請を受け付けませんでした。",
      "認証局からの回答を添えて、管理者にご連絡ください。今お使いの電子証明書は変わっていません。",
      "詳細欄に認証局の回答が出ています。断られた申請が自動で繰り返されることはありません。"}},
    {Reason::authority_authentication_failed,
     "authority_authentication_failed",
     Retry::never,
     81,
     {"The authority did not accept who you are.",
      "Ask your administrator. Your current certificate was not changed.",
      "For the authority the certificate may have expired (renewal.grace is of use only where it renews "
      "expired ones) or been revoked, or authority.http_user and its password file are wrong; the detail "
      "says "
      "what it said."},
     {"認証局で、ご本人の確認ができませんでした。",
      "管理者にご連絡ください。今お使いの電子証明書は変わっていません。",
      "認証局から見て電子証明書の有効期限が切れているか (renewal.grace "
      "は、期限切れの電子証明書を更新する認証局でのみ有効です)、失効しているか、設定の authority.http_user "
      "またはパスワードのファイルが正しくない可能性があります。認証局の回答は詳細欄に出ています。"}},
    {Reason::authority_busy,
     "authority_busy",
     Retry::later,
     82,
     {"The authority is too busy at this moment; nothing was lost.",
      "Try again later. The renewal goes on from where it stopped.",
      "Nothing to do: koshin-agent and koshin renew --wait wait as long as the authority asked for; koshin "
      "renew alone asks at once."},
     {"現在、認証局が混み合っています。失われたものはありません。",
      "しばらくしてから、もう一度お試しください。更新は中断したところから続きます。",
      "対応は不要です。koshin-agent と koshin renew --wait "
      "は、認証局が指定した時間を待ってから再度行います。koshin renew "
      "だけの場合は、すぐに再度問い合わせます。"}},
    {Reason::authority_error,
     "authority_error",
     Retry::later,
     83,
     {"Something went wrong at the authority; nothing was lost.",
      "Try again later. The renewal goes on from where it stopped.",
      "The detail holds the authority's answer; give it to its operator if it happens again."},
     {"認証局側で問題が起きました。失われたものはありません。",
      "しばらくしてから、もう一度お試しください。更新は中断したところから続きます。",
      "詳細欄に認証局の回答が出ています。続く場合は、認証局の運用担当に連絡してください。"}},
    {Reason::authority_response_invalid,
     "authority_response_invalid",
     Retry::later,
     84,
     {"The authority's answer could not be understood; nothing was lost.",
      "Try again later. If it happens again, ask your administrator.",
      "Check authority.url and authority.label, and that no proxy answers in the authority's place; the "
      "detail says what was wrong."},
     {"認証局からの回答を読み取れませんでした。失われたものはありません。",
      "しばらくしてから、もう一度お試しください。続く場合は、管理者にご連絡ください。",
      "設定の authority.url と authority.label "
      "を確認し、プロキシが代わりに応答していないか調べてください。問題の内容は詳細欄に出ています。"}},
    {Reason::authority_response_too_large,
     "authority_response_too_large",
     Retry::never,
     85,
     {"The authority's answer was far larger than a certificate can be, so it was not accepted.",
      "Ask your administrator. Nothing was lost.",
      "Most likely authority.url does not lead to the authority: check it."},
     {"認証局からの回答が大きすぎるため、受け取りませんでした。",
      "管理者にご連絡ください。失われたものはありません。",
      "設定の authority.url が認証局以外を指している可能性があります。確認してください。"}},
    {Reason::authority_redirect_refused,
     "authority_redirect_refused",
     Retry::never,
     86,
     {"The authority pointed to another server, and requests are not sent to strangers.",
      "Ask your administrator. Nothing was lost.",
      "If the new address is right, put it into authority.url; the detail shows it."},
     {"認証局から別のサーバーへ案内されましたが、安全のため申請は送りませんでした。",
      "管理者にご連絡ください。失われたものはありません。",
      "案内先 (詳細欄) が正しい場合は、設定の authority.url に指定してください。"}},
    {Reason::authority_pending,
     "authority_pending",
     Retry::later,
     87,
     {"The authority has accepted the request and will decide later.",
      "Nothing to do for now. When it is time you will be told, and enter the PIN once more; keep the token "
      "and its current certificate.",
      "Approve the request at the authority. From the time it named on, the person is asked for the PIN to "
      "fetch the certificate; only unattended renewals ask by themselves."},
     {"認証局が申請を受け付けました。結果は後ほど決まります。",
      "今は何もする必要はありません。時刻になりましたらお知らせしますので、もう一度 PIN を入力してください。"
      "トークンと今の電子証明書はそのままお使いください。",
      "認証局で申請を承認してください。認証局が指定した時刻を過ぎると、利用者に PIN の入力をご案内します。"
      "自動で再確認するのは無人の更新だけです。"}},
    {Reason::reissue_code_invalid,
     "reissue_code_invalid",
     Retry::after_user_action,
     88,
     {"The re-issue code was not accepted: it is wrong, has been used, or is too old.",
      "Check the code and enter it again, or ask your administrator for a new one.",
      "Codes work once and for a limited time: hand out a new one."},
     {"再発行コードが受け付けられませんでした。間違い、使用済み、または期限切れです。",
      "コードを確認してもう一度入力するか、管理者に新しいコードを依頼してください。",
      "再発行コードは 1 回限りで、使える期間が決まっています。新しいコードをお渡しください。"}},
    {Reason::authority_key_already_certified,
     "authority_key_already_certified",
     Retry::later,
     89,
     {"The authority has certified this key before and does not do so again: an earlier answer was lost.",
      "Try again: a new key is made. Your current certificate was not changed.",
      "The authority certifies a key only once. The refused key is not sent again; the certificate whose "
      "delivery failed can be revoked at the authority."},
     {"この鍵にはすでに証明書が発行されており、認証局は同じ鍵に再び発行しません。以前の回答が届いていませんで"
      "し"
      "た。",
      "もう一度お試しください。新しい鍵が作られます。今お使いの電子証明書は変わっていません。",
      "この認証局は、一つの鍵に一度だけ発行します。断られた鍵で再び申請することはありません。届かなかった証明"
      "書は、認証局で失効させることができます。"}},
};

}  // namespace koshin::failure_rows
