// SPDX-License-Identifier: MIT
// Rows of the failure table: certificates and keys on the token, and what policy says about them. Part of
// failure_table.cpp.
#pragma once

#include "foundation/failures/failure.hpp"

namespace koshin::failure_rows {

inline constexpr ReasonInfo certificate_and_policy[] = {
    {Reason::certificate_not_found,
     "certificate_not_found",
     Retry::after_user_action,
     50,
     {"There is no certificate on this token that this program looks after.",
      "Check that this is the right token. If it is, ask your administrator: the detail says what was looked "
      "for.",
      "The detail says what was found and which setting of [expect] it does not fit; koshin inspect lists "
      "the rest. Hand out a re-issue code only when the certificate really is not there."},
     {"このトークンには、対象となる電子証明書が入っていません。",
      "正しいトークンかどうかご確認ください。正しい場合は、詳細欄の内容を管理者にお伝えください。",
      "見つかったものと、合わなかった [expect] の設定は詳細欄に出ています (全体は koshin "
      "inspect)。電子証明書が本当にない場合だけ、再発行コードをお渡しください。"}},
    {Reason::certificate_ambiguous,
     "certificate_ambiguous",
     Retry::after_user_action,
     51,
     {"More than one certificate fits, and this program does not choose for you.",
      "Choose the certificate to renew. Nothing was changed.",
      "Name it with --certificate, or narrow down the [expect] settings."},
     {"当てはまる電子証明書が複数あるため、どれを更新するか決められません。",
      "更新する電子証明書を選んでください。何も変更されていません。",
      "--certificate で指定するか、設定の [expect] で絞り込んでください。"}},
    {Reason::bank_ambiguous,
     "bank_ambiguous",
     Retry::after_user_action,
     59,
     {"The settings do not tell which bank this certificate belongs to.",
      "Ask your administrator. Nothing was changed.",
      "Several banks of the settings claim it, or a bank must be named. Keep the banks apart by their "
      "[expect] "
      "settings (issuer_pattern, organization, token_uri), or name one with --bank."},
     {"この電子証明書がどの銀行のものか、設定では決められません。",
      "管理者に問い合わせてください。何も変更されていません。",
      "設定の複数の銀行に当てはまるか、銀行の指定が必要です。各銀行の [expect] "
      "(issuer_pattern、organization、"
      "token_uri) で区別するか、--bank で指定してください。"}},
    {Reason::certificate_unreadable,
     "certificate_unreadable",
     Retry::never,
     52,
     {"A certificate could not be read because its contents are damaged.",
      "Ask your administrator for a re-issue.",
      "The detail says where it is and what is wrong with it; hand out a re-issue code if it is the user's "
      "only one."},
     {"電子証明書の内容が壊れていて、読み取ることができません。", "管理者に再発行を依頼してください。",
      "場所と内容は詳細欄に出ています。その利用者に有効な電子証明書がほかにない場合は、再発行コードをお渡しく"
      "ださい。"}},
    {Reason::key_not_found,
     "key_not_found",
     Retry::never,
     53,
     {"The private key that belongs to the certificate is not on this token.",
      "Check that this is the right token. If it is, ask your administrator for a re-issue.",
      "The key was deleted, or lies on another token: koshin inspect shows what belongs together."},
     {"この電子証明書と対になる鍵が、トークンに入っていません。",
      "正しいトークンかどうかご確認ください。正しい場合は、管理者に再発行を依頼してください。",
      "鍵が削除されたか、別のトークンに入っています。対応関係は koshin inspect で確認できます。"}},
    {Reason::key_pair_mismatch,
     "key_pair_mismatch",
     Retry::never,
     54,
     {"The token signed with a key that does not belong to the certificate; nothing was sent.",
      "Ask your administrator. Your current certificate was not changed.",
      "Two objects share one CKA_ID, or the token mixes them up: look at koshin inspect."},
     {"トークンが、電子証明書とは別の鍵で署名しました。何も送信されていません。",
      "管理者にご連絡ください。今お使いの電子証明書は変わっていません。",
      "同じ CKA_ID が重複しているなどの理由で、トークンが鍵を取り違えています。koshin inspect "
      "で確認してください。"}},
    {Reason::key_not_made_on_token,
     "key_not_made_on_token",
     Retry::never,
     55,
     {"The token does not vouch for the new key having been made on it, so the key was not used.",
      "Ask your administrator. Your current certificate can still be used.",
      "The module reports CKA_LOCAL, CKA_NEVER_EXTRACTABLE or CKA_ALWAYS_SENSITIVE as false: use another "
      "token or module version."},
     {"新しい鍵がトークンの中で作られたことを確認できないため、その鍵は使いませんでした。",
      "管理者にご連絡ください。今お使いの電子証明書はそのまま使えます。",
      "モジュールが CKA_LOCAL、CKA_NEVER_EXTRACTABLE、CKA_ALWAYS_SENSITIVE "
      "のいずれかを偽と答えています。別のトークンまたは別のバージョンをお使いください。"}},
    {Reason::key_algorithm_not_allowed,
     "key_algorithm_not_allowed",
     Retry::never,
     56,
     {"The kind of key in use is not allowed for a new certificate.",
      "Ask your administrator. Your current certificate can still be used.",
      "Set renewal.key to a type that both the token and the authority accept."},
     {"現在の鍵の種類は、新しい電子証明書には使えません。",
      "管理者にご連絡ください。今お使いの電子証明書はそのまま使えます。",
      "設定の renewal.key に、トークンと認証局の両方が対応している種類を指定してください。"}},
    {Reason::certificate_too_weak,
     "certificate_too_weak",
     Retry::never,
     57,
     {"The certificate is too weak for today's rules, so this computer does not use it any more. It has to "
      "be issued again.",
      "Ask your administrator for a re-issue code, then enter it on the page or with koshin enroll.",
      "The detail says what is weak (a SHA-1 signature, a short key) and by which rule of this computer's "
      "OpenSSL. Hand out a re-issue code (koshin enroll)."},
     {"電子証明書の暗号の強度が現在の基準に達していないため、このパソコンでは使えません。再発行が必要です。",
      "管理者から再発行コードを受け取り、画面または koshin enroll で入力してください。",
      "何が弱いか (SHA-1 の署名、短い鍵など) と、このパソコンの OpenSSL "
      "のどの基準によるかは、詳細欄に出ています。再発行コードを利用者にお渡しください (koshin enroll)。"}},
    {Reason::key_may_not_sign,
     "key_may_not_sign",
     Retry::never,
     58,
     {"The key of the certificate is on this token, but the token does not allow it to sign.",
      "Ask your administrator for a re-issue.",
      "The private key was made with CKA_SIGN false, for decryption alone. No renewal can use it: hand out a "
      "re-issue code (koshin enroll)."},
     {"この電子証明書の鍵はトークンにありますが、署名には使用できない設定です。",
      "管理者に再発行を依頼してください。",
      "秘密鍵の CKA_SIGN が false "
      "で、復号専用として作成されています。更新には使えないため、再発行コードを渡してください (koshin "
      "enroll)。"}},
    {Reason::not_due,
     "not_due",
     Retry::later,
     60,
     {"The certificate is still valid for long enough; it does not need to be renewed yet.",
      "Nothing to do. You will be told when it is time.",
      "renewal.window sets when renewal begins; --force renews at once, if the authority allows it."},
     {"電子証明書の有効期限まで十分な期間があるため、まだ更新の必要はありません。",
      "何もする必要はありません。時期が来ましたらお知らせします。",
      "更新を始める時期は設定の renewal.window で決まります。認証局が認める場合は --force "
      "で今すぐ更新できます。"}},
    {Reason::reissue_needed,
     "reissue_needed",
     Retry::after_user_action,
     61,
     {"The certificate can no longer be renewed; it has to be issued again.",
      "Ask your administrator for a re-issue code, then enter it on the page or with koshin enroll.",
      "Authorise a re-issue at the authority and hand the one-time code to the user (koshin enroll)."},
     {"この電子証明書はもう更新できません。再発行が必要です。",
      "管理者から再発行コードを受け取り、画面または koshin enroll で入力してください。",
      "認証局で再発行を承認し、1 回限りの再発行コードを利用者にお渡しください (koshin enroll)。"}},
    {Reason::certificate_not_valid_yet,
     "certificate_not_valid_yet",
     Retry::later,
     62,
     {"The certificate is not valid yet, so it can neither log in nor be renewed.",
      "Wait until the day it begins, which the detail names. If the date of this computer is wrong, set it "
      "right.",
      "The authority's clock was asked where it could be reached. Let the authority say why the certificate "
      "begins later."},
     {"この電子証明書はまだ有効期間が始まっていないため、ログインにも更新にも使えません。",
      "詳細欄に示された開始日までお待ちください。パソコンの日付が正しくない場合は、合わせてください。",
      "認証局に接続できる場合は、その時計も確認しています。有効期間の開始が先になっている理由を認証局に確認し"
      "てください。"}},
    {Reason::prune_not_allowed,
     "prune_not_allowed",
     Retry::never,
     63,
     {"This certificate was not deleted, because it may still be needed.",
      "Keep it until you are sure that nobody needs it. What a renewal has replaced can be deleted after the "
      "new certificate has logged in.",
      "The detail says why. What koshin has not renewed takes --certificate SHA-256 and --also-not-renewed; "
      "what others encrypt for takes --also-encryption as well."},
     {"この電子証明書はまだ必要な可能性があるため、削除しませんでした。",
      "不要であることが確実になるまで、削除しないでください。更新前の電子証明書は、新しいものでログインできた"
      "後に削除できます。",
      "理由は詳細欄に出ています。koshin が更新していないものには --certificate SHA-256 と "
      "--also-not-renewed、暗号化に使われるものにはさらに --also-encryption が必要です。"}},
    {Reason::nothing_to_delete,
     "nothing_to_delete",
     Retry::never,
     65,
     {"There is nothing to delete on this token.", "Nothing to do.",
      "Offered is what koshin has renewed, once the new certificate has logged in (koshin history). Any "
      "other is named: koshin prune --certificate SHA-256 --also-not-renewed."},
     {"このトークンには、削除するものがありません。", "何もする必要はありません。",
      "削除の対象になるのは、koshin が更新し、新しい証明書でログインできたものだけです (koshin "
      "history)。ほかのものは koshin prune --certificate SHA-256 --also-not-renewed で指定してください。"}},
    {Reason::prune_ambiguous,
     "prune_ambiguous",
     Retry::after_user_action,
     66,
     {"Several old certificates on this token can be deleted.", "Choose the one to delete.",
      "koshin inspect shows them: koshin prune --certificate SHA-256 names one."},
     {"このトークンには、削除できる古い電子証明書が複数あります。", "削除するものを選んでください。",
      "koshin inspect で一覧を確認し、koshin prune --certificate SHA-256 で 1 つを指定してください。"}},
    {Reason::nothing_unfinished,
     "nothing_unfinished",
     Retry::never,
     64,
     {"There is no unfinished renewal of this token that could be given up.", "Nothing to do.",
      "koshin status lists what is unfinished in this user's journal; koshin inspect shows what is on the "
      "token."},
     {"このトークンには、取りやめることのできる途中の更新はありません。", "何もする必要はありません。",
      "途中の更新は koshin status、トークンの内容は koshin inspect で確認できます。"}},
};

}  // namespace koshin::failure_rows
