// SPDX-License-Identifier: MIT
// Facts, and lists of other tokens and remarks.
#include "content_parts.hpp"

#include <algorithm>
#include <utility>

#include "foundation/base/text.hpp"

namespace koshin::ui {

namespace {

constexpr std::size_t longest_text = 400;

/// Splits digits into pairs, "0A 1B", for comparison with a bank's letter.
std::string in_pairs(const std::string& digits) {
  std::string pairs;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && i % 2 == 0) pairs += ' ';
    pairs += digits[i];
  }
  return pairs;
}

}  // namespace

Words words(PageKey key, std::initializer_list<Words::Value> values) {
  return {std::string(key.text()), values};
}

Words composed_words(std::string key) {
  return {std::move(key), {}};
}

Words days_left(long days) {
  if (days < 1) return words("calendar.left.today");
  if (days == 1) return words("calendar.left.day");
  return words("calendar.left.days", {{"days", std::to_string(days)}});
}

Words days_ago(long days) {
  if (days < 1) return words("calendar.ago.today");
  if (days == 1) return words("calendar.ago.day");
  return words("calendar.ago.days", {{"days", std::to_string(days)}});
}

std::string shown(const std::string& text) {
  return printable(text, longest_text);
}

std::string or_dash(const std::string& text) {
  return text.empty() ? "—" : shown(text);
}

Facts token_facts(const messages::TokenReport& token) {
  Facts facts{{{words("token.label"), or_dash(token.label), Fact::Look::strong},
               {words("token.serial"), or_dash(token.serial), Fact::Look::code}}};
  if (!token.slot_description.empty())
    facts.rows.push_back({words("token.reader"), shown(token.slot_description)});
  return facts;
}

Facts certificate_facts(const messages::CertificateReport& certificate, bool issuer) {
  Facts facts{{{words("certificate.o"), or_dash(certificate.organization)},
               {words("certificate.ou"), or_dash(certificate.organizational_unit)},
               {words("certificate.cn"), or_dash(certificate.common_name)}}};
  if (issuer) facts.rows.push_back({words("certificate.issuer"), or_dash(certificate.issuer)});
  facts.rows.push_back({words("certificate.serial"), in_pairs(shown(certificate.serial)), Fact::Look::code});
  facts.rows.push_back({words("certificate.not_after"), certificate.not_after});
  return facts;
}

Words purpose_words(messages::Purpose purpose) {
  if (purpose == messages::Purpose::signature) return words("purpose.signature");
  return purpose == messages::Purpose::encryption ? words("purpose.encryption") : words("purpose.log_in");
}

Note sitting_list(const std::vector<SittingRow>& sitting) {
  Note note{Note::Kind::info, {{words("sitting.due", {{"count", std::to_string(sitting.size())}})}}};
  for (const SittingRow& row : sitting)
    note.lines.push_back({words("sitting.row", {{"what", purpose_words(row.certificate.purpose)},
                                                {"cn", or_dash(row.certificate.common_name)},
                                                {"date", row.certificate.not_after}}),
                          Note::Line::Look::strong});
  return note;
}

Note decryption_unchecked(const std::vector<SittingRow>& sitting) {
  Note note{Note::Kind::info, {}};
  const bool any =
      std::ranges::any_of(sitting, [](const SittingRow& row) { return row.decryption_unchecked; });
  if (any) note.lines.push_back({words("completed.decryption_unchecked")});
  return note;
}

Words about_old(renewal::OldCertificate stands) {
  return composed_words("old." + std::string(renewal::to_string(stands)));
}

Note sitting_results(const std::vector<SittingRow>& sitting) {
  using State = SittingRow::State;
  Note note{Note::Kind::good, {}};
  for (const SittingRow& row : sitting) {
    const Words what = purpose_words(row.certificate.purpose);
    if (row.state == State::renewed) {
      note.lines.push_back({words("sitting.row_renewed", {{"what", what}, {"date", row.new_not_after}})});
      continue;
    }
    note.kind = Note::Kind::warning;
    note.lines.push_back({row.state == State::pending  ? words("sitting.row_pending", {{"what", what}})
                          : row.state == State::failed ? words("sitting.row_failed", {{"what", what}})
                                                       : words("sitting.row_not_tried", {{"what", what}}),
                          Note::Line::Look::strong});
    if (row.old != renewal::OldCertificate::untouched) note.lines.push_back({about_old(row.old)});
  }
  return note;
}

OtherTokens other_tokens(const std::vector<OtherToken>& others) {
  constexpr std::size_t most = 20;
  OtherTokens result;
  result.count = others.size();
  for (const OtherToken& other : others) {
    if (result.rows.size() == most) break;
    OtherTokens::Row row{or_dash(other.label), shown(other.common_name), {}};
    if (other.days_left) {
      const long left = *other.days_left;
      row.when = left < 0 ? words("notice.expired", {{"ago", days_ago(-left - 1)}}) : days_left(left);
    }
    result.rows.push_back(std::move(row));
  }
  return result;
}

TouchPrompt touch_prompt(const std::optional<bool>& touch) {
  if (!touch) return {};
  return {words(*touch ? PageKey("renewing.touch") : PageKey("renewing.touch_perhaps"))};
}

Remarks remarks(const std::vector<messages::NoticeEvent>& notices) {
  Remarks result;
  for (const auto& notice : notices) {
    if (notice.code == "enrolled_before") result.texts.push_back(words("renewing.enrolled_before"));
    if (notice.code == "written_elsewhere") result.texts.push_back(words("renewing.written_elsewhere"));
  }
  return result;
}

}  // namespace koshin::ui
