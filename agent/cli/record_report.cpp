// SPDX-License-Identifier: MIT
// Records and token memories of the journal, as lines of text.
#include <algorithm>

#include "cli/bank_choice.hpp"
#include "cli/report.hpp"
#include "foundation/base/text.hpp"
#include "renewal/policy/decision_words.hpp"
#include "renewal/policy/policy.hpp"
#include "renewal/policy/recall.hpp"

namespace koshin::cli {
namespace {

using renewal::State;

const Text& state_text(State state) {
  static constexpr Text planned{"about to make the new key", "新しい鍵の作成直前"};
  static constexpr Text generated{"new key made", "新しい鍵を作成済み"};
  static constexpr Text requested{"request made", "申請書を作成済み"};
  static constexpr Text pending{"waiting for the authority's approval", "認証局の承認待ち"};
  static constexpr Text issued{"certificate issued, about to be written", "証明書は発行済み、書き込み直前"};
  static constexpr Text written{"certificate written, not yet tried", "証明書を書き込み済み、ログイン確認前"};
  static constexpr Text completed{"completed", "完了"};
  static constexpr Text abandoned{"given up", "中止"};
  switch (state) {
    case State::planned:
      return planned;
    case State::generated:
      return generated;
    case State::requested:
      return requested;
    case State::pending:
      return pending;
    case State::issued:
      return issued;
    case State::written:
      return written;
    case State::completed:
      return completed;
    case State::abandoned:
      return abandoned;
  }
  return abandoned;
}

/// renewal::way_on(), from the journal alone.
renewal::WayOn way_on(const Session& session, const renewal::TokenMemory& token,
                      const renewal::Record& record) {
  const bool known = !record.old_sha256.empty() && token.certificate_sha256 == record.old_sha256;
  const bool gone = token.last_decision == to_string(renewal::Decision::certificate_missing);
  if (gone && record.state < State::issued) return renewal::WayOn::enroll;
  return renewal::way_on(record, known ? token.not_after : std::nullopt,
                         settings_of(session, record.bank).renewal, session.now);
}

const Text& next_text(renewal::WayOn way) {
  static constexpr Text renew{"run koshin renew: it goes on where it stopped",
                              "koshin renew を実行すると続きから始まります"};
  static constexpr Text insist{
      "put right what stopped it; koshin renew --force asks once more, koshin cancel gives it up",
      "原因を解決してください。koshin renew --force でもう一度申請、koshin cancel で取りやめます"};
  static constexpr Text enroll{"run koshin enroll with a re-issue code: it goes on where it stopped",
                               "再発行コードを用意して koshin enroll を実行すると続きから始まります"};
  switch (way) {
    case renewal::WayOn::renew:
      return renew;
    case renewal::WayOn::insist:
      return insist;
    case renewal::WayOn::enroll:
      break;
  }
  return enroll;
}

void print_unfinished(const Session& session, const renewal::TokenMemory& token,
                      const renewal::Record& record) {
  const Console& console = session.console;
  const Text what = record.enrollment ? Text{"Unfinished re-issue", "途中の再発行"}
                                      : Text{"Unfinished renewal", "途中の更新"};
  console.field(what, console.say(state_text(record.state)));
  console.field({"Started", "開始"}, to_local_text(record.started, console.japanese()));
  if (renewal::waits_for_authority(record, session.now)) {
    console.field({"Authority is asked", "次の問い合わせ"},
                  to_local_text(*record.ask_again, console.japanese()));
  }
  if (record.last_failure)
    console.field({"Stopped by", "中断の理由"},
                  info(record.last_failure->reason).texts(console.language()).cause);
  static constexpr Text gone{"nothing of it is on the token any more: koshin cancel gives it up",
                             "トークンに残っていません。koshin cancel で取りやめてください"};
  const bool is_gone = renewal::seen_to_be_gone(record, &token);
  console.field({"Next", "次にすること"},
                console.say(is_gone ? gone : next_text(way_on(session, token, record))));
}

}  // namespace

void print_remembered(const Session& session, const renewal::TokenMemory& token,
                      const std::vector<renewal::Record>& unfinished) {
  const Console& console = session.console;
  console.print(Text{"Token \"{0}\" ({1}, {2})", "トークン「{0}」({1}、{2})"},
                {printable(token.label, 100), printable(token.token.model, 60),
                 printable(renewal::serial_number(token.token), 60)});
  if (!token.bank.empty()) console.field({"Bank", "銀行"}, bank_name(session, token.bank));
  if (token.last_seen)
    console.field({"Last seen", "最終確認"}, to_local_text(*token.last_seen, console.japanese()));
  const bool goes_on = std::all_of(unfinished.begin(), unfinished.end(), [&](const renewal::Record& record) {
    return way_on(session, token, record) == renewal::WayOn::renew;
  });
  const auto decision = renewal::parse_decision(token.last_decision);
  if (decision && (goes_on || decision != renewal::Decision::resume_unfinished)) {
    console.field({"Decision", "判定"}, std::string(renewal::in_words(*decision, console.language())));
  }
  if (token.not_after) {
    console.field({"Certificate until", "証明書の有効期限"},
                  expiry_text(console, *token.not_after, session.now));
    if (session.now < *token.not_after &&
        session.now >= renewal::due_from(*token.not_after, settings_of(session, token.bank).renewal))
      console.field({"Renewal", "更新"}, console.say({"DUE NOW: run koshin renew",
                                                      "更新時期です: koshin renew を実行してください"}));
  }
  for (const renewal::Record& record : unfinished) print_unfinished(session, token, record);
}

void print_given_up(const Session& session, const renewal::Record& record) {
  const Console& console = session.console;
  const Text what =
      record.enrollment ? Text{"Last re-issue", "前回の再発行"} : Text{"Last renewal", "前回の更新"};
  console.field(
      what, console.say({"given up {0}", "{0} に中止"}, {to_local_text(record.changed, console.japanese())}));
  console.field({"Stopped by", "中断の理由"},
                info(record.last_failure->reason).texts(console.language()).cause);
  constexpr Text renew{"koshin renew begins it again", "koshin renew を実行すると、最初からやり直します"};
  constexpr Text enroll{"koshin enroll with a re-issue code begins it again",
                        "再発行コードを用意して koshin enroll を実行すると、最初からやり直します"};
  console.field({"Next", "次にすること"}, console.say(record.enrollment ? enroll : renew));
}

void print_left_over(const Session& session, const renewal::Record& record) {
  const Console& console = session.console;
  console.field(
      {"Perhaps left on it", "残っている可能性"},
      console.say(
          Text{"an unused {0} key, begun {1}, ID {2} (koshin inspect looks, koshin cancel removes it)",
               "使われていない {0} の鍵、{1} 開始、ID {2} (koshin inspect で確認、koshin cancel "
               "で削除できます)"},
          {record.key_algorithm, to_local_text(record.started, console.japanese()), to_hex(record.key_id)}));
}

void print_history(const Session& session, const std::vector<renewal::Record>& records) {
  const Console& console = session.console;
  if (records.empty()) console.print(Text{"No renewal so far.", "更新の記録はまだありません。"});
  for (const auto& record : records) {
    const std::string what =
        console.say(record.enrollment ? Text{"re-issue", "再発行"} : Text{"renewal", "更新"});
    console.print(
        Text{"{0}  {1}  {2}  \"{3}\"  {4}", "{0}  {1}  {2}  「{3}」 {4}"},
        {to_local_text(record.started, console.japanese()), padded(what, 8), padded(record.key_algorithm, 8),
         printable(record.token_label, 60), console.say(state_text(record.state))});
    if (!record.bank.empty())
      console.print(Text{"    bank {0}", "    銀行 {0}"}, {bank_name(session, record.bank)});
    if (record.new_not_after != TimePoint{})
      console.print(Text{"    new certificate valid until {0}", "    新しい証明書の有効期限 {0}"},
                    {to_local_text(record.new_not_after, console.japanese())});
    if (record.last_failure && record.state != State::completed)
      console.print("    " + std::string(info(record.last_failure->reason).texts(console.language()).cause));
  }
}

}  // namespace koshin::cli
