// SPDX-License-Identifier: MIT
// The doctor's words in both languages. The advice of a finding that a renewal would fail for stands in the
// table of failures.
#include "renewal/doctor_words.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "foundation/text.hpp"

namespace koshin::renewal {
namespace {

struct InBothLanguages {
  std::string_view english, japanese;
  std::string_view in(Language language) const { return language == Language::japanese ? japanese : english; }
};

struct ExaminedRow {
  Examined examined;
  std::string_view id;
  InBothLanguages name;
};

constexpr std::array<ExaminedRow, examined_count> examined_rows{{
    {Examined::settings, "settings", {"settings", "設定"}},
    {Examined::journal, "journal", {"journal", "更新の記録"}},
    {Examined::memory_lock, "memory_lock", {"memory lock", "メモリの固定"}},
    {Examined::registered_modules, "registered_modules", {"registered modules", "登録済みモジュール"}},
    {Examined::module, "module", {"module {0}", "モジュール {0}"}},
    {Examined::token, "token", {"token", "トークン"}},
    {Examined::pin, "pin", {"PIN", "PIN"}},
    {Examined::log_in, "log_in", {"log-in to the token", "トークンへのログイン"}},
    {Examined::mechanisms, "mechanisms", {"mechanisms", "暗号方式"}},
    {Examined::pairs, "pairs", {"pairs", "証明書と鍵の組"}},
    {Examined::certificate, "certificate", {"certificate", "証明書"}},
    {Examined::proxy, "proxy", {"proxy", "プロキシ"}},
    {Examined::authority, "authority", {"authority", "認証局"}},
    {Examined::clock, "clock", {"clock", "時計"}},
    {Examined::proof, "proof", {"proof", "ログインの確認"}},
}};

struct FindingRow {
  Finding finding;
  std::string_view id;
  InBothLanguages text;
  InBothLanguages advice;  ///< empty: that of the check's reason, if it has one
};

constexpr std::array<FindingRow, finding_count> finding_rows{{
    {Finding::settings_read, "settings_read", {"{0} value(s) set", "{0} 件の値が設定されています"}, {}},
    {Finding::journal_in_order,
     "journal_in_order",
     {"usable, no renewal is unfinished", "使用できます。途中の更新はありません"},
     {}},
    {Finding::journal_unfinished,
     "journal_unfinished",
     {"{0} renewal(s) are unfinished, the oldest since {1}",
      "途中の更新が {0} 件あります (最も古いもの: {1})"},
     {"Run koshin renew (or koshin enroll) again: it goes on where it stopped.",
      "koshin renew (または koshin enroll) を再度実行してください。続きから始まります。"}},
    {Finding::memory_lock_enough,
     "memory_lock_enough",
     {"secrets stay out of the swap space", "PIN などがスワップ領域に書き出されることはありません"},
     {}},
    {Finding::memory_lock_low,
     "memory_lock_low",
     {"this user may lock {0} bytes only: a PIN might be swapped out",
      "このユーザーが固定できるメモリは {0} バイトだけです。PIN "
      "がスワップ領域に書き出されるおそれがあります"},
     {"Raise the limit memlock to 64 KiB (limits.conf, or LimitMEMLOCK= of the unit).",
      "memlock の上限を 64 KiB に上げてください (limits.conf、またはユニットの LimitMEMLOCK=)。"}},
    {Finding::modules_registered,
     "modules_registered",
     {"for token.modules, as \"p11-kit:NAME\": {0}", "token.modules に \"p11-kit:名前\" で指定できます: {0}"},
     {}},
    {Finding::modules_none_registered,
     "modules_none_registered",
     {"none is registered with p11-kit", "p11-kit に登録されたモジュールはありません"},
     {}},
    {Finding::module_tokens, "module_tokens", {"{0}, {1} token(s)", "{0}、トークン {1} 個"}, {}},
    {Finding::token_found, "token_found", {"\"{0}\" {1} {2}", "「{0}」 {1} {2}"}, {}},
    {Finding::token_write_protected,
     "token_write_protected",
     {"\"{0}\" {1} {2} is write-protected", "「{0}」 {1} {2} は書き込み禁止です"},
     {}},
    {Finding::pin_in_order, "pin_in_order", {"set, not locked", "設定済みで、ロックされていません"}, {}},
    {Finding::pin_not_set, "pin_not_set", {"no user PIN has been set", "PIN が設定されていません"}, {}},
    {Finding::pin_locked, "pin_locked", {"the PIN is locked", "PIN がロックされています"}, {}},
    {Finding::pin_to_be_changed,
     "pin_to_be_changed",
     {"the PIN has to be changed first", "先に PIN の変更が必要です"},
     {}},
    {Finding::pin_final_try,
     "pin_final_try",
     {"one more wrong PIN locks the token", "あと 1 回 PIN を誤るとトークンがロックされます"},
     {}},
    {Finding::pin_count_low,
     "pin_count_low",
     {"a wrong PIN was entered since the last right one",
      "前回正しく入力された後に、誤った PIN が入力されています"},
     {}},
    {Finding::pin_accepted, "pin_accepted", {"the PIN was accepted", "PIN は受け付けられました"}, {}},
    {Finding::pin_not_given,
     "pin_not_given",
     {"no PIN was given", "PIN が入力されていません"},
     {"Give the PIN to have keys and the authority examined fully.",
      "鍵と認証局をすべて調べるには、PIN を入力してください。"}},
    {Finding::mechanisms_found, "mechanisms_found", {"makes {0}", "作成できる鍵: {0}"}, {}},
    {Finding::mechanisms_without_pss,
     "mechanisms_without_pss",
     {"makes {0}; no RSA-PSS: TLS 1.2 at most with RSA keys",
      "作成できる鍵: {0}。RSA-PSS がないため、RSA 鍵では TLS 1.2 までです"},
     {}},
    {Finding::mechanisms_none,
     "mechanisms_none",
     {"the token makes no keys that are of use here", "このトークンでは使用できる鍵を作成できません"},
     {"Set renewal.key = \"renew\" to certify the same key again.",
      "同じ鍵の証明書を再度取得するには、renewal.key = \"renew\" を設定してください。"}},
    {Finding::pairs_match,
     "pairs_match",
     {"{0} certificate(s), keys and certificates match", "証明書 {0} 件、鍵と証明書は対応しています"},
     {}},
    {Finding::pair_id_mismatch,
     "pair_id_mismatch",
     {"a certificate and its key have different CKA_IDs", "証明書とその鍵の CKA_ID が異なります"},
     {"koshin goes by the public key; other programs may not find the pair.",
      "koshin は公開鍵で対応付けますが、ほかのプログラムでは見つからないことがあります。"}},
    {Finding::pair_key_missing,
     "pair_key_missing",
     {"\"{0}\" serial {1} has no private key on the token",
      "「{0}」(シリアル番号 {1}) の秘密鍵がトークンにありません"},
     {}},
    {Finding::pair_keys_alone,
     "pair_keys_alone",
     {"{0} key object(s) have no certificate", "証明書のない鍵オブジェクトが {0} 個あります"},
     {"They may belong to an unfinished renewal (koshin history) or to another program; koshin does not "
      "delete "
      "them.",
      "途中の更新 (koshin history) またはほかのプログラムの鍵かもしれません。koshin は削除しません。"}},
    {Finding::certificate_chosen,
     "certificate_chosen",
     {"\"{0}\" serial {1}, expires {2}, {3} day(s) left, renewed from {4} on",
      "「{0}」(シリアル番号 {1})、有効期限 {2} (残り {3} 日)、{4} から更新できます"},
     {}},
    {Finding::certificate_hidden,
     "certificate_hidden",
     {"cannot be told without the PIN: what is on this token may show only with it",
      "PIN なしでは分かりません。PIN を入力しないと見えない証明書があるかもしれません"},
     {"Run koshin doctor --pin-stdin or koshin inspect --pinentry. Do not order a re-issue for this.",
      "koshin doctor --pin-stdin または koshin inspect --pinentry を実行してください。これだけを理由に"
      "再発行を依頼しないでください。"}},
    {Finding::proxy_none,
     "proxy_none",
     {"none, the authority is reached directly", "なし (認証局に直接接続します)"},
     {}},
    {Finding::proxy_of_settings,
     "proxy_of_settings",
     {"{0} can be reached (proxy.url)", "{0} に接続できます (proxy.url)"},
     {}},
    {Finding::proxy_of_environment,
     "proxy_of_environment",
     {"{0} can be reached (environment)", "{0} に接続できます (環境変数)"},
     {}},
    {Finding::authority_answers,
     "authority_answers",
     {"{0} answers, {1} CA certificate(s)", "{0} は応答しています。CA 証明書 {1} 件"},
     {}},
    {Finding::authority_lets_in,
     "authority_lets_in",
     {"{0} answers, {1} CA certificate(s), the certificate logs in",
      "{0} は応答しています。CA 証明書 {1} 件、証明書でログインできます"},
     {}},
    {Finding::clock_plausible,
     "clock_plausible",
     {"{0} fits the authority's clock and certificates", "{0} は認証局の時計および証明書と合っています"},
     {}},
    {Finding::clock_off,
     "clock_off",
     {"{0}, while the authority's clock says {1}", "このパソコンでは {0}、認証局の時計では {1} です"},
     {}},
    {Finding::clock_outside_validity,
     "clock_outside_validity",
     {"{0} lies outside the validity of one of the authority's certificates",
      "{0} は認証局の証明書の有効期間外です"},
     {}},
    {Finding::proof_lets_in,
     "proof_lets_in",
     {"{0} lets the certificate log in", "{0} に、この証明書でログインできました"},
     {}},
    {Finding::proof_refused,
     "proof_refused",
     {"{0} does not let the present certificate log in: {1}", "{0} に、今の証明書でログインできません: {1}"},
     {"Ask the authority whether authority.prove_url is right: as it is, a renewal would stop at its last "
      "step.",
      "authority.prove_url "
      "が正しいか、認証局に確認してください。このままでは、更新は最後の確認で止まります。"}},
    {Finding::proof_by_page,
     "proof_by_page",
     {"new certificates log in at {0}, which can be reached",
      "{0} に接続できました。新しい証明書でここにログインして確かめます"},
     {}},
    {Finding::proof_by_handshake,
     "proof_by_handshake",
     {"authority.prove_url is not set: that the authority takes a new certificate in the TLS handshake is "
      "all "
      "that is proved before the old one may be deleted",
      "authority.prove_url が設定されていません。古い証明書を削除する前に確かめられるのは、認証局が TLS "
      "接続で"
      "新しい証明書を受け付けることだけです"},
     {"Set authority.prove_url to a page that only a certificate in force gets.",
      "有効な証明書でのみ表示できるページを authority.prove_url に設定してください。"}},
}};

template <typename Rows, typename Key>
constexpr bool in_order(const Rows& rows, Key key) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<std::size_t>(rows[i].*key) != i) return false;
  }
  return true;
}
static_assert(in_order(examined_rows, &ExaminedRow::examined) &&
              in_order(finding_rows, &FindingRow::finding));

template <typename Rows>
auto row_called(const Rows& rows, std::string_view id) -> decltype(rows.data()) {
  const auto* const found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.id == id; });
  return found == rows.end() ? nullptr : found;
}

std::string filled(std::string_view text, const std::vector<std::string>& values) {
  const std::vector<std::string_view> views(values.begin(), values.end());
  return fill_places(text, views);
}

}  // namespace

std::string_view to_string(Examined examined) {
  return examined_rows.at(static_cast<std::size_t>(examined)).id;
}

std::string_view to_string(Finding finding) {
  return finding_rows.at(static_cast<std::size_t>(finding)).id;
}

std::string name_in_words(const DoctorCheck& check, Language language) {
  const auto* row = row_called(examined_rows, check.id);
  return row == nullptr ? check.name : filled(row->name.in(language), {check.subject});
}

std::string text_in_words(const DoctorCheck& check, Language language) {
  if (const auto* row = row_called(finding_rows, check.finding))
    return filled(row->text.in(language), check.values);
  if (!check.finding.empty() || !check.reason) return check.text;
  const std::string cause(info(*check.reason).texts(language).cause);
  const bool detailed = !check.values.empty() && !check.values.front().empty();
  return detailed ? cause + " (" + check.values.front() + ")" : cause;
}

std::string advice_in_words(const DoctorCheck& check, Language language) {
  const auto* row = row_called(finding_rows, check.finding);
  if (row != nullptr && !row->advice.english.empty()) return std::string(row->advice.in(language));
  if (check.reason) return std::string(info(*check.reason).texts(language).admin_action);
  return row != nullptr ? std::string() : check.advice;
}

}  // namespace koshin::renewal
