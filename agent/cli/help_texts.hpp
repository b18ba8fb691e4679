// SPDX-License-Identifier: MIT
// What --help says. The man page packaging/man/koshin.1 says the same at more length; a test compares the
// options.
#pragma once

#include "cli/texts.hpp"

namespace koshin::cli::help {

inline constexpr Text program{"koshin renews the certificate on a hardware token before it expires.\n",
                              "koshin はハードウェアトークンの証明書を、有効期限の前に更新します。\n"};
inline constexpr Text footer{
    "koshin COMMAND --help explains a command. Manual: koshin(1), koshin.toml(5).\n"
    "Exit codes are listed in koshin(1); 0 means done.",
    "各コマンドの説明は koshin COMMAND --help で表示します。マニュアル: koshin(1)、koshin.toml(5)\n"
    "終了コードの一覧は koshin(1) にあります。0 は完了を意味します。"};
inline constexpr Text usage{"Usage", "使い方"};
inline constexpr Text options_badge{"OPTIONS", "オプション"};
inline constexpr Text command_badge{"COMMAND", "コマンド"};
inline constexpr Text options{"Options", "オプション"};
inline constexpr Text commands{"Commands", "コマンド"};

// Kinds of values: the same in every language, since CLI11 counts bytes where it should count columns.
inline constexpr const char* file = "FILE";
inline constexpr const char* uri = "URI";
inline constexpr const char* module_kind = "MODULE";
inline constexpr const char* bank_kind = "BANK";
inline constexpr const char* sha256 = "SHA256";
inline constexpr const char* duration = "DURATION";
inline constexpr const char* user_kind = "ID";
inline constexpr const char* number = "N";

// options of every command
inline constexpr Text help{"Show this help and end", "この説明を表示して終了"};
inline constexpr Text version{"Show the version and end", "バージョンを表示して終了"};
inline constexpr Text settings{"Use this settings file in place of your own (root's: alone)",
                               "利用者の設定の代わりにこのファイルを使う (root のファイルは単独で)"};
inline constexpr Text json{"Write one JSON document to standard output (json.md in the documentation)",
                           "標準出力に JSON を 1 件出力する (説明は json.md)"};
inline constexpr Text quiet{"Say nothing unless something is wrong", "問題がない限り何も表示しない"};
inline constexpr Text progress{"Show the steps even where the output is no terminal",
                               "端末以外への出力でも進み具合を表示する"};
inline constexpr Text language{"Language of all texts (default: from LC_ALL, LC_MESSAGES, LANG)",
                               "表示する言語 (省略時: LC_ALL、LC_MESSAGES、LANG による)"};

// which token and certificate
inline constexpr Text token{"The token, as a PKCS#11 URI (RFC 7512); a pin-source in it is used",
                            "トークンを表す PKCS#11 URI (RFC 7512)。pin-source があれば使用する"};
inline constexpr Text module{"Only this module of the settings: a path, or p11-kit:NAME",
                             "設定にあるモジュールのうちこれだけを使う (パス または p11-kit:名前)"};
inline constexpr Text bank{"Only this bank of the settings, by its name (a bank without a name: -)",
                           "設定にある銀行のうちこれだけを使う (名前で指定。名前のない銀行は -)"};
inline constexpr Text certificate{"The certificate to renew, by its SHA-256 fingerprint",
                                  "更新する証明書 (SHA-256 フィンガープリントで指定)"};
inline constexpr Text certificate_to_delete{"The certificate to delete, by its SHA-256 fingerprint",
                                            "削除する証明書 (SHA-256 フィンガープリントで指定)"};

// where secrets come from
inline constexpr Text pin_stdin{"Read the PIN from a line of standard input",
                                "PIN を標準入力の 1 行から読み込む"};
inline constexpr Text so_pin_stdin{"Read the security officer's PIN (PIV: management key) from the next line",
                                   "SO PIN (PIV では管理鍵) を次の 1 行から読み込む"};
inline constexpr Text passphrase_stdin{"Read the bank's passphrase (HTTP authentication) from the next line",
                                       "銀行のパスフレーズ (HTTP 認証) を次の 1 行から読み込む"};
inline constexpr Text code_stdin{"Read the one-time re-issue code from the next line",
                                 "再発行コードを次の 1 行から読み込む"};
inline constexpr Text pinentry{"Ask for the PIN with pinentry", "PIN の入力に pinentry を使う"};
inline constexpr Text pinentry_program{"Ask for the PIN with this pinentry",
                                       "PIN の入力にこの pinentry を使う"};
inline constexpr Text insist_count_low{"Go on although a wrong PIN was entered before",
                                       "以前に誤った PIN が入力されている場合でも続行する"};
inline constexpr Text insist_final_try{"Go on although one more wrong PIN locks the token",
                                       "あと 1 回の PIN 誤りでトークンがロックされる場合でも続行する"};

// options of single commands
inline constexpr Text dry_run{"Check everything that can be checked, change nothing",
                              "確認だけを行い、何も変更しない"};
inline constexpr Text force_enroll{"Fetch another one although the last one logs in",
                                   "前回の証明書でログインできる場合でも取得する"};
inline constexpr Text force{"Renew although it is not due yet, or the same answer was wrong twice",
                            "更新時期の前でも、同じ誤った回答が 2 回続いた後でも更新する"};
inline constexpr Text wait{
    "When the authority must approve first, or says when to come back, wait and ask again",
    "認証局の承認待ちや混雑のとき、指定の時刻まで待って再度問い合わせる"};
inline constexpr Text wait_limit{"Wait at most this long, as in PT2H (default P1D)",
                                 "待つ時間の上限。例: PT2H (省略時 P1D)"};
inline constexpr Text user{"The user ID, for a token that holds no certificate yet",
                           "利用者 ID (証明書がまだないトークンの場合)"};
inline constexpr Text yes{"Do not ask twice whether to delete", "削除の確認 (2 回) を省略する"};
inline constexpr Text also_not_renewed{"Delete the named certificate although koshin has not renewed it",
                                       "koshin が更新したものではない証明書も、指定どおり削除する"};
inline constexpr Text also_encryption{
    "Delete it although what was encrypted for it cannot be read any more then",
    "この証明書あてに暗号化されたものが読めなくなっても削除する"};
inline constexpr Text keep_key{"Leave the unused new key on the token, for the next renewal; needs no PIN",
                               "使われていない新しい鍵を、次の更新のためにトークンに残す (PIN 不要)"};
inline constexpr Text yes_cancel{"Do not ask whether to give it up", "取りやめの確認を省略する"};
inline constexpr Text limit{"Show at most this many (default 20)", "表示する件数の上限 (省略時 20)"};

// commands
inline constexpr Text options_of_all{"Options of every command: koshin --help",
                                     "共通のオプション: koshin --help"};
inline constexpr Text inspect{"Show tokens, their certificates and keys, and the days left",
                              "トークン、証明書、鍵、残り日数を表示する"};
inline constexpr Text inspect_more{
    "Changes nothing and asks for no PIN. With --pin-stdin or --pinentry one token is looked at with the\n"
    "PIN: what is hidden without it shows as well.",
    "何も変更せず、PIN も尋ねません。--pin-stdin または --pinentry を付けると、1 つのトークンを PIN を\n"
    "使って調べ、PIN なしでは見えないものも表示します。"};
inline constexpr Text status{"Show what is known, without touching a token",
                             "トークンに触れずに、記録されている状態を表示する"};
inline constexpr Text status_more{
    "Reads koshin's own journal. A renewal that is under way is shown with its next step.",
    "koshin の記録を読みます。途中の更新があれば、次にすることも表示します。"};
inline constexpr Text renew{"Renew the certificate on a token", "トークンの証明書を更新する"};
inline constexpr Text renew_more{
    "Makes a new key pair on the token, has it certified and logs in with it once. The old key and\n"
    "certificate stay as they are. An interrupted renewal goes on where it stopped: run it again.\n"
    "Lines on standard input are read in this order: PIN, security officer's PIN, passphrase.",
    "トークンに新しい鍵を作り、証明書を取得し、一度ログインして確かめます。古い鍵と証明書は\n"
    "そのまま残ります。中断しても、もう一度実行すれば続きから始まります。\n"
    "標準入力は次の順に 1 行ずつ読みます: PIN、SO PIN、パスフレーズ"};
inline constexpr Text enroll{"Fetch a certificate with a one-time re-issue code",
                             "再発行コードで証明書を取得する"};
inline constexpr Text enroll_more{
    "For a token whose certificate has expired, was lost or was never there. Your administrator hands out\n"
    "the code. Lines on standard input are read in this order: PIN, security officer's PIN, code.",
    "証明書の期限が切れた、失われた、またはまだないトークンのための手続きです。コードは管理者が\n"
    "発行します。標準入力は次の順に 1 行ずつ読みます: PIN、SO PIN、コード"};
inline constexpr Text prune{"Delete an old certificate and its key", "古い証明書とその鍵を削除する"};
inline constexpr Text prune_more{
    "Offers the certificate that koshin has renewed, once its successor has logged in. Any other is deleted\n"
    "only when it is named with --certificate and confirmed a second time.",
    "koshin が更新し、新しい証明書で一度ログインした後の、古い証明書を削除します。それ以外の証明書は、\n"
    "--certificate で指定し、もう一度確認した場合にだけ削除します。"};
inline constexpr Text cancel{"Give an unfinished renewal up", "途中の更新を取りやめる"};
inline constexpr Text cancel_more{
    "Says what stays on the token and what is deleted, and asks. The certificate in use is never touched.\n"
    "The PIN is needed only to delete the unused new key.",
    "トークンに残るものと削除するものを示してから確認します。お使いの証明書には触れません。\n"
    "PIN が必要なのは、使われていない新しい鍵を削除するときだけです。"};
inline constexpr Text history{"List past and unfinished renewals",
                              "これまでの更新と途中の更新を一覧表示する"};
inline constexpr Text history_more{"Newest first.", "新しい順に表示します。"};
inline constexpr Text doctor{"Look for what would stop a renewal, and say what to do",
                             "更新の妨げになるものを調べ、対処を示す"};
inline constexpr Text doctor_more{
    "Makes the checks that a renewal makes before it changes anything; without a PIN, those that need none.",
    "更新の前に行われるのと同じ確認をします。PIN がない場合は、PIN なしでできる項目だけを確認します。"};
inline constexpr Text config{"Check or show the settings", "設定を確認または表示する"};
inline constexpr Text config_check{"Say whether the settings are right, and where they are not",
                                   "設定が正しいか、誤りはどこかを示す"};
inline constexpr Text config_show{"Show every setting and the file it comes from",
                                  "すべての設定と、その設定元のファイルを表示する"};
inline constexpr Text config_more{"Reads the settings only; starts nothing.",
                                  "設定を読み込むだけで、何も起動しません。"};

}  // namespace koshin::cli::help
