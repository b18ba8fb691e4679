// SPDX-License-Identifier: MIT
// Output of the steps.
#include "cli/progress.hpp"

#include <algorithm>
#include <array>

namespace koshin::cli {
namespace {

constexpr Text do_not_remove{"Do not remove the token. Steps marked ! cannot be undone.",
                             "トークンを抜かないでください。! の付いた手順は元に戻せません。"};
constexpr Text done_before{" (done before)", " (前回完了済み)"};
constexpr Text notice_line{"Note: {0}", "お知らせ: {0}"};

struct NoticeText {
  std::string_view code;
  Text text;
};
/// Notices with a text in the person's language; others keep the worker's text.
constexpr std::array notice_texts{
    NoticeText{"asked_early",
               {"The authority asked for more patience after the last try; it is asked now all the same.",
                "前回、認証局から時間をおくよう求められていますが、今すぐ再度問い合わせます。"}},
    NoticeText{
        "authority_did_not_ask",
        {"The authority has not asked for a certificate so far; if it never does, it will not know who asks.",
         "認証局は、まだ証明書の提示を求めていません。まったく求めない場合、認証に失敗します。"}},
    NoticeText{"certificate_form_unusual",
               {"The authority sent the certificate in an unusual form; it was read.",
                "認証局は通常と異なる形式で証明書を送りましたが、読み取れました。"}},
    NoticeText{"certificates_passed_over",
               {"The authority's answer holds certificates that cannot be read; they were passed over.",
                "認証局の回答に、読み取れない電子証明書が含まれていました。それらを除いて処理します。"}},
    NoticeText{
        "chain_by_another",
        {"The issuer of the present certificate is no longer trusted here; the authority has another one "
         "that "
         "is.",
         "今の証明書の発行元はここで信頼されなくなりましたが、認証局には信頼される別の発行元があります。"}},
    NoticeText{"csrattrs_ignored",
               {"What the authority wishes of the request could not be read; it is sent without.",
                "申請書についての認証局の希望を読み取れませんでした。希望なしとして申請します。"}},
    NoticeText{
        "enrolled_before",
        {"The certificate that was fetched before is on the token and logs in; --force fetches another.",
         "前回取得した証明書がトークンにあり、ログインできます。別の証明書を取得するには --force "
         "を指定してください。"}},
    NoticeText{"memory_low",
               {"The token tells of too little room for a new key; it is tried all the same.",
                "トークンの空き容量が不足していると表示されていますが、そのまま試します。"}},
    NoticeText{"pair_refused",
               {"The authority refused a key that it may have certified before; another one is made.",
                "以前に使われた可能性のある鍵が認証局に断られたため、別の鍵を作成します。"}},
    NoticeText{"pin_count_low",
               {"A wrong PIN was entered on this token before.", "以前に誤った PIN が入力されています。"}},
    NoticeText{"proof_left_open",
               {"Whether a certificate logs in at authority.prove_url shows only when the new one does.",
                "authority.prove_url で証明書を使ってログインできるかどうかは、新しい証明書で確認するまで"
                "分かりません。"}},
    NoticeText{"tls_capped_at_1_2",
               {"The token cannot sign with RSA-PSS, so TLS 1.2 is used.",
                "トークンが RSA-PSS に対応していないため、TLS 1.2 を使用します。"}},
    NoticeText{"unused_pair_removed",
               {"A key that an earlier try had left on the token without certificate was deleted.",
                "以前の処理でトークンに残っていた、証明書のない鍵を削除しました。"}},
    NoticeText{"written_elsewhere",
               {"Another computer has written the new certificate; it is tried here.",
                "別のパソコンで書き込まれた新しい証明書を、ここで確認します。"}},
};

std::string notice_text(const messages::NoticeEvent& notice, const Console& console) {
  const auto known = std::find_if(notice_texts.begin(), notice_texts.end(),
                                  [&](const NoticeText& row) { return row.code == notice.code; });
  return known == notice_texts.end() ? printable(notice.text) : std::string(console.say(known->text));
}

std::string step_line(const messages::StepEvent& step, const Console& console, std::string_view mark) {
  const messages::StepRow row = messages::row(step.step);
  std::string line = "  " + std::string(mark) + (row.irreversible ? " ! " : "   ");
  line += row.to_do.in(console.language());
  if (step.resumed) line += console.say(done_before);
  if (!step.note.empty()) line += ": " + printable(step.note, 200);
  return line;
}

}  // namespace

void Progress::begin(const Text& headline, std::string_view token) const {
  if (!console_.shows_progress()) return;
  console_.print(headline, {token});
  console_.print(do_not_remove);
}

void Progress::begin_looking(const Text& headline, std::string_view token) const {
  if (console_.shows_progress()) console_.print(headline, {token});
}

void Progress::on_event(const messages::Event& event) {
  if (const auto* step = std::get_if<messages::StepEvent>(&event)) on_step(*step);
  if (const auto* notice = std::get_if<messages::NoticeEvent>(&event)) on_notice(*notice);
}

void Progress::on_step(const messages::StepEvent& step) {
  if (step.finished) steps_.push_back(step);
  if (!console_.shows_progress()) return;
  if (!step.finished) {
    end();
    if (!console_.can_redraw()) return;
    console_.draw(step_line(step, console_, console_.utf8() ? "…" : "."));
    line_open_ = true;
    return;
  }
  if (line_open_) console_.draw("\r\x1b[K");
  line_open_ = false;
  console_.print(step_line(step, console_, console_.utf8() ? "✓" : "+"));
}

void Progress::on_notice(const messages::NoticeEvent& notice) {
  notices_.push_back(notice);
  if (!console_.shows_progress()) return;
  end();
  console_.print(notice_line, {notice_text(notice, console_)});
}

void Progress::end() {
  if (line_open_) console_.draw("\n");
  line_open_ = false;
}

}  // namespace koshin::cli
