// SPDX-License-Identifier: MIT
// Output of the steps.
#include "cli/progress.hpp"

#include "foundation/texts/cli.hpp"
#include "foundation/texts/old.hpp"

#include <algorithm>
#include <array>

namespace koshin::cli {
namespace {

struct NoticeText {
  std::string_view code;
  Text text;
  bool remains = false;  ///< about what the token holds now: also told where no progress is drawn
};
/// Notices with a text in the person's language; others keep the worker's text.
constexpr std::array notice_texts{
    NoticeText{"asked_early", texts::cli_notice_asked_early},
    NoticeText{"authority_did_not_ask", texts::cli_notice_authority_did_not_ask},
    NoticeText{"certificate_form_unusual", texts::cli_notice_certificate_form_unusual},
    NoticeText{"certificate_written_back", texts::cli_notice_certificate_written_back, true},
    NoticeText{"certificates_passed_over", texts::cli_notice_certificates_passed_over},
    NoticeText{"chain_by_another", texts::cli_notice_chain_by_another},
    NoticeText{"csrattrs_ignored", texts::cli_notice_csrattrs_ignored},
    NoticeText{"decryption_not_checked", texts::cli_notice_decryption_not_checked, true},
    NoticeText{"enrolled_before", texts::cli_notice_enrolled_before},
    NoticeText{"home_slot_begun", texts::cli_notice_home_slot_begun},
    NoticeText{"home_slot_emptied", texts::cli_notice_home_slot_emptied, true},
    NoticeText{"home_slot_key_found", texts::cli_notice_home_slot_key_found, true},
    NoticeText{"home_slot_not_ours", texts::cli_notice_home_slot_not_ours, true},
    NoticeText{"home_slot_unchanged", texts::cli_notice_home_slot_unchanged, true},
    NoticeText{"memory_low", texts::cli_notice_memory_low},
    NoticeText{"old_certificate_kept_in_journal", texts::old_kept_in_journal, true},
    NoticeText{"old_certificate_not_seen", texts::old_not_seen, true},
    NoticeText{"old_certificate_renewed_beside", texts::old_renewed_beside, true},
    NoticeText{"old_certificate_replaced", texts::old_replaced, true},
    NoticeText{"old_certificate_seen_on_token", texts::old_seen_on_token, true},
    NoticeText{"pair_refused", texts::cli_notice_pair_refused},
    NoticeText{"pin_count_low", texts::cli_notice_pin_count_low},
    NoticeText{"pin_policy_changed", texts::cli_notice_pin_policy_changed, true},
    NoticeText{"proof_left_open", texts::cli_notice_proof_left_open},
    NoticeText{"proved_by_decryption", texts::cli_notice_proved_by_decryption},
    NoticeText{"proved_by_signature", texts::cli_notice_proved_by_signature},
    NoticeText{"proxy_password_in_clear", texts::cli_notice_proxy_password_in_clear},
    NoticeText{"slot_not_ours", texts::cli_notice_slot_not_ours, true},
    NoticeText{"spare_slot_decrypts", texts::cli_notice_spare_slot_decrypts, true},
    NoticeText{"spare_slot_kept", texts::cli_notice_spare_slot_kept, true},
    NoticeText{"tls_capped_at_1_2", texts::cli_notice_tls_capped_at_1_2},
    NoticeText{"touch_policy_added", texts::cli_notice_touch_policy_added, true},
    NoticeText{"touch_policy_dropped", texts::cli_notice_touch_policy_dropped, true},
    NoticeText{"touch_policy_may_drop", texts::cli_notice_touch_policy_may_drop},
    NoticeText{"unused_pair_removed", texts::cli_notice_unused_pair_removed},
    NoticeText{"written_elsewhere", texts::cli_notice_written_elsewhere},
};

const NoticeText* row_of(const messages::NoticeEvent& notice) {
  const auto* known = std::find_if(notice_texts.begin(), notice_texts.end(),
                                   [&](const NoticeText& row) { return row.code == notice.code; });
  return known == notice_texts.end() ? nullptr : known;
}

std::string notice_text(const messages::NoticeEvent& notice, const Console& console) {
  const NoticeText* known = row_of(notice);
  return known == nullptr ? printable(notice.text) : std::string(console.say(known->text));
}

std::string step_line(const messages::StepEvent& step, const Console& console, std::string_view mark) {
  const messages::StepRow row = messages::row(step.step);
  std::string line = "  " + std::string(mark) + (row.irreversible ? " ! " : "   ");
  line += row.to_do.in(console.language());
  if (step.resumed) line += console.say(texts::cli_progress_done_before);
  if (!step.note.empty()) line += ": " + printable(step.note, 200);
  return line;
}

}  // namespace

void Progress::begin(const Text& headline, std::string_view token) const {
  if (!console_.shows_progress()) return;
  console_.print(headline, {token});
  console_.print(texts::cli_progress_do_not_remove);
}

void Progress::begin_looking(const Text& headline, std::string_view token) const {
  if (console_.shows_progress()) console_.print(headline, {token});
}

void Progress::on_event(const messages::Event& event) {
  if (const auto* step = std::get_if<messages::StepEvent>(&event)) on_step(*step);
  if (const auto* notice = std::get_if<messages::NoticeEvent>(&event)) on_notice(*notice);
  if (const auto* touch = std::get_if<messages::TouchEvent>(&event)) on_touch(*touch);
}

void Progress::on_touch(const messages::TouchEvent& touch) {
  const Text& words = touch.certain ? texts::cli_touch_certain : texts::cli_touch_perhaps;
  if (touch.over) {
    if (asks_touch_) console_.draw("\r\x1b[K");
    if (asks_touch_) line_open_ = asks_touch_ = false;
    return;
  }
  if (!console_.shows_progress()) return console_.trouble(console_.say(words));
  end();
  if (!console_.can_redraw()) return console_.print(words);
  console_.draw(console_.say(words));
  line_open_ = asks_touch_ = true;
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
  const NoticeText* known = row_of(notice);
  if (!console_.shows_progress() && known != nullptr && known->remains)
    console_.trouble(notice_text(notice, console_));
  if (!console_.shows_progress()) return;
  end();
  console_.print(texts::cli_progress_notice_line, {notice_text(notice, console_)});
}

void Progress::end() {
  if (line_open_) console_.draw("\n");
  line_open_ = asks_touch_ = false;
}

}  // namespace koshin::cli
