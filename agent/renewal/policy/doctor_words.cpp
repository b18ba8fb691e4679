// SPDX-License-Identifier: MIT
// Look-up of the doctor's texts. The advice for a finding that would stop a renewal is in the table of
// failures.
#include "renewal/policy/doctor_words.hpp"

#include <algorithm>
#include <vector>

#include "foundation/base/text.hpp"
#include "renewal/policy/doctor_rows.hpp"

namespace koshin::renewal {
namespace {

template <typename Rows, typename Key>
constexpr bool in_order(const Rows& rows, Key key) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<std::size_t>(rows[i].*key) != i || rows[i].id.empty()) return false;
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
  const std::string cause(info(*check.reason).in(language).cause);
  const bool detailed = !check.values.empty() && !check.values.front().empty();
  return detailed ? cause + " (" + check.values.front() + ")" : cause;
}

bool leaves_open(const DoctorCheck& check) {
  if (check.status == "skipped") return true;
  const auto* row = row_called(finding_rows, check.finding);
  return row != nullptr && row->open;
}

std::string advice_in_words(const DoctorCheck& check, Language language) {
  const auto* row = row_called(finding_rows, check.finding);
  if (row != nullptr && !row->advice.empty()) return std::string(row->advice.in(language));
  if (check.reason) return std::string(info(*check.reason).in(language).administrator_action);
  return row != nullptr ? std::string() : check.advice;
}

}  // namespace koshin::renewal
