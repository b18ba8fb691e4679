// SPDX-License-Identifier: MIT
// Tokens, certificates, records and failures as lines of text.
#include "cli/report.hpp"

#include <array>

#include <algorithm>

#include "cli/bank_choice.hpp"
#include "cli/json_output.hpp"
#include "foundation/base/text.hpp"
#include "renewal/policy/doctor_words.hpp"
#include "renewal/policy/inventory.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/recall.hpp"

namespace koshin::cli {
namespace {

using messages::CertificateReport;
using messages::TokenReport;

constexpr Text organization{"Organization", "組織 (O)"};
constexpr Text unit{"Organizational unit", "部門 (OU)"};
constexpr Text common_name{"Common name", "名称 (CN)"};
constexpr Text serial_number{"Serial number", "シリアル番号"};
constexpr Text valid_until{"Valid until", "有効期限"};
constexpr Text days_left_text{"{0} ({1} left)", "{0} (残り {1})"};
constexpr Text hours_left_text{"{0} ({1} {2} left)", "{0} (残り {1} {2})"};
constexpr Text one_day{"{0} day", "{0} 日"}, days_text{"{0} days", "{0} 日"};
constexpr Text one_hour{"{0} hour", "{0} 時間"}, hours_text{"{0} hours", "{0} 時間"};
constexpr long days_that_count_by_the_hour = 14;
constexpr Text expired_text{"{0} (expired)", "{0} (期限切れ)"};

std::string counted(const Console& console, long number, const Text& one, const Text& many) {
  return console.say(number == 1 ? one : many, {std::to_string(number)});
}

std::string yes_no(const Console& console, bool yes) {
  return console.say(yes ? Text{"yes", "はい"} : Text{"no", "いいえ"});
}

std::string pin_text(const Console& console, const TokenReport& token) {
  if (!token.pin_set) return console.say({"not set", "未設定"});
  if (token.pin_locked) return console.say({"LOCKED", "ロックされています"});
  if (token.pin_to_be_changed)
    return console.say({"must be changed before it can be used", "変更が必要です"});
  if (token.pin_final_try) return console.say({"one try left", "あと 1 回でロックされます"});
  if (token.pin_count_low)
    return console.say({"a wrong PIN was entered before", "以前に誤った PIN が入力されています"});
  if (token.protected_path) return console.say({"entered on the reader", "カードリーダーで入力"});
  if (token.pin_max == 0) return console.say({"set", "設定済み"});
  return console.say({"set, {0} to {1} characters", "設定済み ({0}～{1} 文字)"},
                     {std::to_string(token.pin_min), std::to_string(token.pin_max)});
}

std::string key_text(const Console& console, const CertificateReport& certificate, bool hidden) {
  static constexpr Text unknown{"{0} (the private key shows only with the PIN)",
                                "{0} (秘密鍵は PIN を入力しないと見えません)"};
  static constexpr Text here{"{0}, private key on this token", "{0} (秘密鍵はこのトークン内)"};
  static constexpr Text missing{"{0}, PRIVATE KEY MISSING", "{0} (秘密鍵がありません)"};
  static constexpr Text shared{"{0}, private key on this token, shared with another certificate",
                               "{0} (秘密鍵はこのトークン内。別の証明書と共有)"};
  static constexpr Text untold{"{0} (which private key is its own cannot be told)",
                               "{0} (対応する秘密鍵を特定できません)"};
  switch (certificate.key_state) {
    case messages::KeyState::present:
      return console.say(here, {certificate.key_algorithm});
    case messages::KeyState::shared:
      return console.say(shared, {certificate.key_algorithm});
    case messages::KeyState::missing:
      return console.say(missing, {certificate.key_algorithm});
    case messages::KeyState::unknown:
      break;
  }
  return console.say(hidden ? unknown : untold, {certificate.key_algorithm});
}

/// A short text for the failure that a renewal would have.
std::string refusal_text(const Session& session, const CertificateReport& certificate, const Failure& why) {
  const Console& console = session.console;
  switch (why.reason) {
    case Reason::not_due:
      return console.say({"from {0} on", "{0} から"},
                         {to_local_text(renewal::due_from(certificate.not_after,
                                                          settings_of(session, certificate.bank).renewal),
                                        console.japanese())});
    case Reason::certificate_not_valid_yet:
      return console.say({"not valid yet", "まだ有効ではありません"});
    case Reason::reissue_needed:
      return console.say(
          {"EXPIRED: a re-issue is needed (koshin enroll)", "期限切れ: 再発行が必要です (koshin enroll)"});
    case Reason::certificate_too_weak:
      return console.say({"NOT POSSIBLE, a re-issue is needed (koshin enroll): {0}",
                          "更新できません。再発行が必要です (koshin enroll): {0}"},
                         {printable(certificate.weakness, 300)});
    case Reason::bank_ambiguous:
      return console.say({"NOT POSSIBLE: the settings of several banks fit it: {0}",
                          "更新できません: 設定の複数の銀行に当てはまります: {0}"},
                         {joined(certificate.disputed)});
    case Reason::certificate_not_found:
      return console.say({"not by koshin: [expect] in the settings names another subject",
                          "対象外: 設定の [expect] の条件に合いません"});
    default:
      return console.say({"not possible: {0}", "更新できません: {0}"},
                         {info(why.reason).texts(console.language()).cause});
  }
}

std::string verdict_text(const Session& session, const TokenReport& token,
                         const CertificateReport& certificate) {
  const Console& console = session.console;
  const Settings& settings = settings_of_certificate(session, certificate);
  if (!certificate.replaced_by.empty())
    return console.say({"replaced by a newer certificate", "新しい証明書に置き換え済み"});
  if (renewal::is_left_behind(certificate, token, settings, session.now))
    return console.say({"expired; another certificate is in use", "期限切れ (別の証明書を使用中)"});
  if (const auto why = renewal::why_not_renewed(token, certificate, settings, session.now))
    return refusal_text(session, certificate, *why);
  if (session.now > certificate.not_after)
    return console.say({"EXPIRED, can still be renewed: run koshin renew",
                        "期限切れですが、まだ更新できます: koshin renew を実行してください"});
  return console.say({"DUE NOW: run koshin renew", "更新時期です: koshin renew を実行してください"});
}

void print_certificate(const Session& session, const TokenReport& token,
                       const CertificateReport& certificate) {
  constexpr std::size_t indent = 4;
  const Console& console = session.console;
  console.print(Text{"  Certificate", "  証明書"});
  console.field({"Purpose", "用途"}, purpose_text(console, certificate.purpose), indent);
  if (certificate.purpose != messages::Purpose::unreadable) {
    print_subject(session, certificate, indent);
    console.field({"Issuer", "発行者"}, printable(certificate.issuer, 300), indent);
    console.field({"Bank", "銀行"}, certificate.bank.empty() ? "" : bank_name(session, certificate.bank),
                  indent);
    if (certificate.purpose == messages::Purpose::log_in)
      console.field({"Renewal", "更新"}, verdict_text(session, token, certificate), indent);
    console.field({"Key", "鍵"}, key_text(console, certificate, token.private_objects_hidden), indent);
  }
  console.field({"SHA-256", "SHA-256"}, certificate.sha256, indent);
}

/// Hidden objects are not reported as missing.
void print_what_may_be_hidden(const Session& session, const TokenReport& token) {
  if (!token.trouble.empty()) return;
  const Console& console = session.console;
  const auto& banks = session.deployment.banks;
  if (std::ranges::any_of(
          banks, [&](const Settings& bank) { return renewal::may_hide_ours(token, bank.expect, false); })) {
    console.print(Text{"  Whether a certificate for logging in is here cannot be told without the PIN.",
                       "  ログイン用の証明書があるかどうかは、PIN なしでは分かりません。"});
  } else if (token.certificates.empty() && token.private_objects_hidden) {
    console.print(
        Text{"  No certificate that can be seen without the PIN.", "  PIN なしで見える証明書はありません。"});
  } else if (token.certificates.empty()) {
    console.print(Text{"  No certificate.", "  証明書はありません。"});
  }
}

}  // namespace

std::string purpose_text(const Console& console, messages::Purpose purpose) {
  using messages::Purpose;
  switch (purpose) {
    case Purpose::log_in:
      return console.say({"log-in", "ログイン"});
    case Purpose::signature:
      return console.say({"signatures", "署名"});
    case Purpose::encryption:
      return console.say({"encryption", "暗号化"});
    case Purpose::authority:
      return console.say({"authority: issues certificates", "認証局 (証明書を発行)"});
    case Purpose::placeholder:
      return console.say({"placeholder beside a key; nobody has issued it", "鍵の仮の証明書 (発行者なし)"});
    case Purpose::unreadable:
      return console.say({"cannot be read", "読み取れません"});
    case Purpose::unknown:
      break;
  }
  return console.say({"cannot be told", "不明"});
}

std::string expiry_text(const Console& console, TimePoint not_after, TimePoint now) {
  const std::string when = to_local_text(not_after, console.japanese());
  if (now > not_after) return console.say(expired_text, {when});
  const long days = renewal::days_left(not_after, now);
  const std::string in_days = counted(console, days, one_day, days_text);
  if (days >= days_that_count_by_the_hour) return console.say(days_left_text, {when, in_days});
  const auto hours =
      std::chrono::floor<std::chrono::hours>(not_after - now - std::chrono::days{days}).count();
  return console.say(hours_left_text, {when, in_days, counted(console, hours, one_hour, hours_text)});
}

void print_subject(const Session& session, const CertificateReport& certificate, std::size_t indent) {
  const Console& console = session.console;
  console.field(organization, printable(certificate.organization, 200), indent);
  console.field(unit, printable(certificate.organizational_unit, 200), indent);
  console.field(common_name, printable(certificate.common_name, 200), indent);
  console.field(serial_number, certificate.serial, indent);
  console.field(valid_until, expiry_text(console, certificate.not_after, session.now), indent);
}

void print_token(const Session& session, const TokenReport& token) {
  const Console& console = session.console;
  console.print(Text{"Token \"{0}\"", "トークン「{0}」"}, {printable(token.label, 100)});
  console.field({"Model", "型式"}, printable(token.manufacturer + ", " + token.model, 200));
  console.field(serial_number, printable(token.serial, 100));
  console.field({"Reader", "リーダー"}, printable(token.slot_description, 100));
  console.field({"Module", "モジュール"}, token.module);
  for (const std::string& module : token.other_modules)
    console.field({"Also shown by", "他のモジュール"}, module);
  if (!token.initialized) {
    console.print(Text{"  This token has not been initialized.", "  このトークンは初期化されていません。"});
    return;
  }
  console.field({"PIN", "PIN"}, pin_text(console, token));
  if (token.write_protected) console.field({"Write-protected", "書き込み禁止"}, yes_no(console, true));
  if (token.free_memory) console.field({"Free memory", "空き容量"}, std::to_string(*token.free_memory));
  if (!token.trouble.empty()) {
    const auto reason = parse_reason(token.trouble);
    console.field({"Trouble", "問題"},
                  reason ? info(*reason).texts(console.language()).cause : token.trouble);
  }
  auto certificates = token.certificates;
  std::sort(certificates.begin(), certificates.end(),
            [](const auto& left, const auto& right) { return left.not_after > right.not_after; });
  for (const auto& certificate : certificates) print_certificate(session, token, certificate);
  for (const auto& key : token.keys_without_certificate) {
    console.print(Text{"  Key without certificate: {0}, ID {1}", "  証明書のない鍵: {0}、ID {1}"},
                  {key.key_algorithm, key.key_id});
    if (key.ours)
      console.print(Text{"    made by koshin on {0}; the next renewal uses it, koshin cancel deletes it",
                         "    koshin が {0} に作成。次の更新で使われます。koshin cancel で削除できます"},
                    {key.made_on.empty() ? "?" : key.made_on});
  }
  print_what_may_be_hidden(session, token);
}

void print_modules_in_trouble(const Session& session, const messages::InspectResult& found) {
  for (const auto& entry : found.modules_in_trouble) {
    const auto& texts = info(entry.failure.reason).texts(session.console.language());
    session.console.trouble(session.console.say({"Module {0}: {1} {2}", "モジュール {0}: {1} {2}"},
                                                {entry.module, texts.cause, texts.user_action}));
  }
}

void print_check(const Console& console, const messages::DoctorResult::Check& check) {
  const std::string_view mark = check.status == "ok"        ? (console.utf8() ? "✓" : "+")
                                : check.status == "warning" ? "!"
                                : check.status == "failed"  ? (console.utf8() ? "✗" : "x")
                                                            : "-";
  constexpr std::size_t column = 14;
  const Language language = console.language();
  std::string name = printable(renewal::name_in_words(check, language));
  if (display_width(name) > column) name += ':';  // no space is left before the text
  const std::string advice = printable(renewal::advice_in_words(check, language));
  console.print("  " + std::string(mark) + " " + padded(name, column) + " " +
                printable(renewal::text_in_words(check, language)));
  if (!advice.empty()) console.print(std::string(19, ' ') + "→ " + advice);
}

/// Failed and skipped checks in one line each: a list of their own would repeat them.
void print_checks(const Session& session, const messages::DoctorResult& result) {
  const Console& console = session.console;
  std::vector<std::string> failed, not_reached;
  for (const auto& check : result.checks) {
    const bool unreached = check.finding == to_string(renewal::Finding::not_reached);
    const std::string name = printable(renewal::name_in_words(check, console.language()));
    if (check.status == "failed") failed.push_back(name);
    if (unreached) not_reached.push_back(name);
    if (!unreached) print_check(console, check);
  }
  if (failed.empty()) return;
  console.print(Text{"Failed: {0}", "問題のある項目: {0}"}, {joined(failed)});
  if (!not_reached.empty())
    console.print(Text{"Not checked because of that: {0}", "そのため確認できなかった項目: {0}"},
                  {joined(not_reached)});
}

void print_outlook(const Session& session, const messages::DoctorResult& result) {
  const Console& console = session.console;
  std::string open;
  for (const auto& check : result.checks) {
    if (renewal::leaves_open(check))
      open += (open.empty() ? "" : ", ") + printable(renewal::name_in_words(check, console.language()));
  }
  if (open.empty())
    return console.print(
        Text{"Nothing stands in the way of a renewal.", "更新の妨げになるものはありません。"});
  console.print(Text{"Nothing was found that stands in the way of a renewal. Left open: {0}",
                     "更新の妨げになるものは見つかりませんでした。確かめられなかった項目: {0}"},
                {open});
}

}  // namespace koshin::cli
