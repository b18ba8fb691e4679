// SPDX-License-Identifier: MIT
// Rows of the failure table: the token itself. Part of failure_table.cpp.
#pragma once

#include "foundation/failures/failure.hpp"

namespace koshin::failure_rows {

inline constexpr ReasonInfo token[] = {
    {Reason::token_not_found,
     "token_not_found",
     Retry::after_user_action,
     20,
     {"No token that this program is set up for is connected.",
      "Insert the token that holds your certificate, then try again.",
      "If it is inserted: check token.uri and that the smart card service (pcscd) "
      "runs."},
     {"対象となるトークンが接続されていません。",
      "電子証明書の入ったトークンを挿してから、もう一度お試しください。",
      "挿してあるのに見つからない場合は、設定の token.uri とスマートカードのサービス "
      "(pcscd) の動作を確認してください。"}},
    {Reason::token_ambiguous,
     "token_ambiguous",
     Retry::after_user_action,
     21,
     {"More than one token fits, and this program does not choose for you.",
      "Leave only the token you want to renew connected, or choose one.",
      "Name the token with --token or token.uri, by its serial number: labels may be equal."},
     {"当てはまるトークンが複数あるため、どれを使うか決められません。",
      "更新するトークンだけを挿すか、使うトークンを選んでください。",
      "--token または設定の token.uri で、シリアル番号を使ってトークンを指定してください。名前 (ラベル) "
      "は重複することがあります。"}},
    {Reason::token_removed,
     "token_removed",
     Retry::after_user_action,
     22,
     {"The token was removed while it was being used; nothing was lost.",
      "Insert the same token again. The renewal goes on from where it stopped.",
      "If nobody removed it, look for a loose plug or for USB power saving."},
     {"処理の途中でトークンが抜かれました。失われたものはありません。",
      "同じトークンをもう一度挿してください。更新は中断したところから続きます。",
      "抜いた覚えがない場合は、接触不良や USB の省電力設定を確認してください。"}},
    {Reason::token_uninitialized,
     "token_uninitialized",
     Retry::never,
     23,
     {"The token has not been set up yet.",
      "Ask your administrator for a token that has been set up. Nothing was changed.",
      "Initialise the token with the vendor's tool and set its PIN."},
     {"このトークンは、まだ使えるように準備されていません。",
      "準備済みのトークンを管理者に依頼してください。何も変更されていません。",
      "製造元のツールでトークンを初期化し、PIN を設定してください。"}},
    {Reason::token_write_protected,
     "token_write_protected",
     Retry::never,
     24,
     {"The token does not allow anything to be written to it, so the renewal was not started.",
      "Ask your administrator. Your current certificate can still be used.",
      "Remove the write protection with the vendor's tool, or hand out another token."},
     {"このトークンは書き込みができない設定のため、更新を始めませんでした。",
      "管理者にご連絡ください。今お使いの電子証明書はそのまま使えます。",
      "製造元のツールで書き込み禁止を解除するか、別のトークンをお渡しください。"}},
    {Reason::token_full,
     "token_full",
     Retry::after_user_action,
     25,
     {"There is no room left on the token for a new key and certificate.",
      "Delete an old certificate that is no longer needed, then try again. Your current certificate can "
      "still be used.",
      "koshin inspect lists what is on the token and koshin prune removes a replaced pair; or set "
      "renewal.key to \"renew\"."},
     {"トークンに、新しい鍵と電子証明書を入れる空きがありません。",
      "不要になった古い電子証明書を削除してから、もう一度お試しください。今お使いの電子証明書はそのまま使えま"
      "す。",
      "koshin inspect でトークンの内容を確認し、更新済みの古いものは koshin prune で削除できます。設定の "
      "renewal.key を \"renew\" にする方法もあります。"}},
    {Reason::token_busy,
     "token_busy",
     Retry::later,
     26,
     {"Another program is using the token at this moment.",
      "Close the other program or window, then try again. Nothing was changed.",
      "The detail names the process, when it is koshin; else look for software that opens the card "
      "exclusively."},
     {"現在、ほかのプログラムがこのトークンを使用しています。",
      "ほかのプログラムや画面を閉じてから、もう一度お試しください。何も変更されていません。",
      "使用中のプログラムが koshin "
      "の場合は、詳細欄に表示されます。それ以外は、トークンを占有するソフトウェアがないか確認してください"
      "。"}},
    {Reason::token_mechanism_unsupported,
     "token_mechanism_unsupported",
     Retry::never,
     27,
     {"The token cannot make or use the kind of key that is required.",
      "Ask your administrator. Your current certificate can still be used.",
      "Set renewal.key to a type that the token can make (its maker documents them), or hand out another "
      "model."},
     {"このトークンは、必要な種類の鍵を作ることができないか、使うことができません。",
      "管理者にご連絡ください。今お使いの電子証明書はそのまま使えます。",
      "設定の renewal.key に、トークンで作れる鍵の種類 (製造元の資料に記載) "
      "を指定するか、別の機種をお渡しください。"}},
    {Reason::token_error,
     "token_error",
     Retry::later,
     28,
     {"The token reported an error; nothing was lost.",
      "Take the token out, put it in again and try once more. If it happens again, ask your administrator.",
      "The detail holds the call and the error code (CKR_…) to look up with the token's vendor."},
     {"トークンがエラーを返しました。失われたものはありません。",
      "トークンを一度抜いて挿し直し、もう一度お試しください。続く場合は、管理者にご連絡ください。",
      "詳細欄の呼び出し名とエラーコード (CKR_…) を、トークンの製造元にお問い合わせください。"}},
    {Reason::so_pin_required,
     "so_pin_required",
     Retry::never,
     30,
     {"This token makes new keys only for its administrator, whose PIN was not given.",
      "Ask your administrator to renew the certificate. Your PIN was not tried, and nothing was changed.",
      "Settings with token.profile \"piv\" need the card's management key: run koshin renew at a terminal, "
      "or give it with --so-pin-stdin."},
     {"このトークンで新しい鍵を作るには管理者用の PIN が必要ですが、入力されていません。",
      "管理者に更新を依頼してください。PIN の入力回数には数えられておらず、何も変更されていません。",
      "token.profile が \"piv\" のときは、カードの管理鍵が必要です。端末で koshin renew "
      "を実行するか、--so-pin-stdin で渡してください。"}},
    {Reason::so_pin_incorrect,
     "so_pin_incorrect",
     Retry::after_user_action,
     31,
     {"The token does not accept its administrator's PIN.",
      "Ask your administrator. Your current certificate was not changed.",
      "Give the card's management key in hexadecimal digits (48 of them, unless it is an AES key of another "
      "length). It may have been changed since the card was set up; the detail says what the card answered."},
     {"管理者用の PIN が受け付けられません。",
      "管理者にご連絡ください。今お使いの電子証明書は変わっていません。",
      "カードの管理鍵を 16 進数 (通常は 48 桁) "
      "で渡してください。カードの準備後に変更されている場合もあります。"
      "カードの応答は詳細欄に出ています。"}},
};

}  // namespace koshin::failure_rows
