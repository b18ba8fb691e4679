// SPDX-License-Identifier: MIT
// Rows of the failure table: the PIN, what is on the token, and policy. Part of failure_table.cpp.
#pragma once

#include "foundation/failures/failure.hpp"

namespace koshin::failure_rows {

inline constexpr ReasonInfo pin[] = {
    {Reason::pin_required,
     "pin_required",
     Retry::after_user_action,
     40,
     {"The PIN of the token is needed, and none was given.",
      "Enter the PIN of your token. No try was used up.",
      "In scripts give it with --pin-stdin, or name a pin-source file in token.uri."},
     {"トークンの PIN が必要ですが、入力されていません。",
      "トークンの PIN を入力してください。入力回数には数えられていません。",
      "スクリプトでは --pin-stdin で渡すか、設定の token.uri に pin-source のファイルを指定してください。"}},
    {Reason::pin_incorrect,
     "pin_incorrect",
     Retry::after_user_action,
     41,
     {"The PIN was not right; the token has used up one try.",
      "Check the PIN before you enter it again. After several wrong PINs the token locks itself.",
      "If the user has forgotten it, set a new PIN with the vendor's tool and the token's administrator "
      "PIN."},
     {"PIN が違います。入力回数を 1 回使いました。",
      "PIN をよく確認してから、もう一度入力してください。何度も間違えるとトークンが使えなくなります。",
      "利用者が PIN を忘れた場合は、製造元のツールと管理者用の PIN で再設定してください。"}},
    {Reason::pin_length_invalid,
     "pin_length_invalid",
     Retry::after_user_action,
     42,
     {"The PIN is too short or too long for this token, or holds characters that it does not take.",
      "Enter the PIN again with the right number and kind of characters. No try was used up.",
      "koshin inspect shows the lengths that the token accepts; token.pin_characters says which characters "
      "are allowed."},
     {"PIN の文字数または文字の種類が、このトークンの決まりに合っていません。",
      "文字数と文字の種類を確認して、もう一度入力してください。入力回数には数えられていません。",
      "トークンで使える文字数は koshin inspect で確認できます。使える文字の種類は token.pin_characters "
      "で決まります。"}},
    {Reason::pin_locked,
     "pin_locked",
     Retry::never,
     43,
     {"The token is locked because a wrong PIN was entered too many times.",
      "Ask your administrator to unlock the token. Your certificate is still on it.",
      "Unlock it with the vendor's tool and the token's administrator PIN (or PUK)."},
     {"間違った PIN が続けて入力されたため、トークンがロックされています。",
      "管理者にロックの解除を依頼してください。電子証明書はトークンの中に残っています。",
      "製造元のツールと管理者用の PIN (または PUK) でロックを解除してください。"}},
    {Reason::pin_count_low,
     "pin_count_low",
     Retry::after_user_action,
     32,
     {"A wrong PIN was entered on this token before, so this one was not tried.",
      "Make sure of the PIN, then enter it again. No try was used up.",
      "A right PIN sets the counter back. With --pin-stdin, --insist-count-low goes on; the same wrong PIN "
      "handed over again and again would lock the token."},
     {"以前に誤った PIN が入力されているため、今回の PIN はトークンで照合していません。",
      "PIN をよく確かめてから、もう一度入力してください。入力回数には数えられていません。",
      "正しい PIN が入力されると回数は元に戻ります。--pin-stdin では --insist-count-low "
      "を付けると続行しますが、同じ間違った PIN を繰り返し渡すとトークンがロックされます。"}},
    {Reason::pin_final_try,
     "pin_final_try",
     Retry::after_user_action,
     44,
     {"One more wrong PIN locks the token, so it was not tried.",
      "If you are sure of the PIN, confirm that you want to use the last try; else ask your administrator.",
      "A right PIN sets the counter back. --insist-final-try confirms on the command line; unattended runs "
      "never use "
      "the last try."},
     {"あと 1 回間違えるとトークンがロックされるため、確認していません。",
      "PIN に間違いがなければ、最後の 1 "
      "回を使うことを確認して進めてください。不確かな場合は、管理者にご連絡ください。",
      "正しい PIN が入力されると回数は元に戻ります。コマンドでは --insist-final-try "
      "で確認します。無人の更新では最後の 1 回は使われません。"}},
    {Reason::pin_expired,
     "pin_expired",
     Retry::after_user_action,
     45,
     {"The token asks for its PIN to be changed before it can be used.",
      "Change the PIN with the token's own software, then try again. Nothing was lost.",
      "Hand out the vendor's tool for changing PINs."},
     {"このトークンは、PIN を変更するまで使えません。",
      "トークン付属のソフトウェアで PIN を変更してから、もう一度お試しください。失われたものはありません。",
      "PIN を変更するための製造元のツールをご案内ください。"}},
    {Reason::pin_not_set,
     "pin_not_set",
     Retry::never,
     46,
     {"No PIN has been set on this token yet.", "Ask your administrator to set up the token.",
      "Set the user PIN with the vendor's tool and the token's administrator PIN."},
     {"このトークンには、まだ PIN が設定されていません。", "管理者にトークンの準備を依頼してください。",
      "製造元のツールと管理者用の PIN で、利用者の PIN を設定してください。"}},
    {Reason::pin_cancelled,
     "pin_cancelled",
     Retry::after_user_action,
     47,
     {"The PIN entry was cancelled or nobody entered a PIN in time.",
      "Start again when you are ready. No try was used up.", "Nothing to do."},
     {"PIN の入力が取り消されたか、時間内に入力されませんでした。",
      "ご都合のよいときに、もう一度始めてください。入力回数には数えられていません。", "対応は不要です。"}},
    {Reason::pin_source_unsafe,
     "pin_source_unsafe",
     Retry::never,
     48,
     {"The file that holds the PIN can be read by other people, so it was not used.",
      "Ask your administrator. No try was used up.",
      "Give the file to the user who runs koshin and take all permissions from group and others (chmod 600); "
      "then change the PIN."},
     {"PIN を保存したファイルがほかの人にも読める状態のため、使用しませんでした。",
      "管理者にご連絡ください。入力回数には数えられていません。",
      "ファイルの所有者を koshin を実行するユーザーにし、グループと他のユーザーの権限をすべて外してください "
      "(chmod 600)。その後、PIN も変更してください。"}},
    {Reason::pin_refused_before,
     "pin_refused_before",
     Retry::after_user_action,
     49,
     {"A wrong PIN was entered before, so the stored one is not tried again.",
      "Renew by entering the PIN yourself, or ask your administrator.",
      "Put the right PIN into the pin-source file: it is used again as soon as the file has changed. If the "
      "token itself counts wrong PINs, enter the right one once as well: koshin renew --dry-run --pin-stdin "
      "--insist-count-low"},
     {"以前に誤った PIN が入力されているため、保存されている PIN の使用を止めています。",
      "ご自分で PIN を入力して更新するか、管理者にご連絡ください。",
      "pin-source のファイルに正しい PIN "
      "を入れてください。ファイルが変更されると、再び使われます。誤入力を記録するトークンでは、さらに koshin "
      "renew --dry-run --pin-stdin --insist-count-low で正しい PIN を一度入力してください。"}},
    {Reason::secret_unusable,
     "secret_unusable",
     Retry::after_user_action,
     33,
     {"What was entered cannot be a PIN, a code or a password as it came, so it was not used.",
      "Enter it again in a window whose character encoding is UTF-8. No try was used up.",
      "The detail says what is wrong: not UTF-8 (a terminal or a file in Shift-JIS, EUC-JP or Latin-1), a "
      "byte order mark, or too long. iconv converts a file."},
     {"入力された PIN、コード、またはパスワードが正しい文字として読み取れないため、使用しませんでした。",
      "文字コードが UTF-8 の画面で、もう一度入力してください。入力回数には数えられていません。",
      "理由は詳細欄に出ています。UTF-8 ではない (Shift-JIS や EUC-JP の端末やファイル)、BOM "
      "が付いている、長すぎる、のいずれかです。ファイルは iconv で変換できます。"}},
    {Reason::pinentry_failed,
     "pinentry_failed",
     Retry::after_user_action,
     34,
     {"The program that should ask for the PIN could not show its window.",
      "Try again at a terminal without --pinentry, or ask your administrator. No try was used up.",
      "The detail holds pinentry's own words. It needs a terminal (export GPG_TTY=$(tty)) or a desktop "
      "(DISPLAY or WAYLAND_DISPLAY); install a pinentry that fits, or name one with --pinentry-program."},
     {"PIN を尋ねるプログラムが、入力画面を表示できませんでした。",
      "端末で --pinentry を付けずに実行するか、管理者にご連絡ください。入力回数には数えられていません。",
      "pinentry からのメッセージは詳細欄に出ています。端末 (export GPG_TTY=$(tty)) またはデスクトップ "
      "(DISPLAY か WAYLAND_DISPLAY) が必要です。合う pinentry を入れるか、--pinentry-program "
      "で指定してください。"}},
    {Reason::pin_source_unusable,
     "pin_source_unusable",
     Retry::never,
     35,
     {"The file that should hold the PIN is not there or cannot be read.",
      "Ask your administrator. No try was used up.",
      "The detail names it. Put a file there whose first line is the PIN, of the user who runs koshin, chmod "
      "600; pin-source is an absolute path or file:/path."},
     {"PIN を保存したファイルがないか、読み取れません。",
      "管理者にご連絡ください。入力回数には数えられていません。",
      "ファイルは詳細欄に出ています。1 行目に PIN を書いたファイルを、koshin を実行する利用者の所有、chmod "
      "600 で置いてください。pin-source には絶対パスまたは file:/パス を指定します。"}},
};

}  // namespace koshin::failure_rows
