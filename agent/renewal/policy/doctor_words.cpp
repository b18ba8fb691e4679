// SPDX-License-Identifier: MIT
// Look-up of the doctor's texts. The advice for a finding that would stop a renewal is in the table of
// failures.
#include "renewal/policy/doctor_words.hpp"

#include <algorithm>
#include <vector>

#include "foundation/base/pin_name.hpp"
#include "foundation/base/text.hpp"
#include "renewal/policy/desk_rows.hpp"
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
              in_order(finding_rows, &FindingRow::finding) &&
              in_order(desk_subject_rows, &DeskSubjectRow::subject) &&
              in_order(desk_finding_rows, &DeskFindingRow::finding));

template <typename Rows>
auto row_called(const Rows& rows, std::string_view id) -> decltype(rows.data()) {
  const auto* const found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.id == id; });
  return found == rows.end() ? nullptr : found;
}

struct FindingTexts {
  const Text* text = nullptr;  ///< null: no finding is called so here
  const Text* advice = nullptr;
};

FindingTexts texts_of(std::string_view finding) {
  if (const auto* row = row_called(finding_rows, finding)) return {&row->text, &row->advice};
  if (const auto* row = row_called(desk_finding_rows, finding)) return {&row->text, &row->advice};
  return {};
}

const Text* name_of(std::string_view examined) {
  if (const auto* row = row_called(examined_rows, examined)) return &row->name;
  if (const auto* row = row_called(desk_subject_rows, examined)) return &row->name;
  return nullptr;
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

std::string_view to_string(DeskSubject subject) {
  return desk_subject_rows.at(static_cast<std::size_t>(subject)).id;
}

std::string_view to_string(DeskFinding finding) {
  return desk_finding_rows.at(static_cast<std::size_t>(finding)).id;
}

std::string name_in_words(const DoctorCheck& check, Language language, std::string_view pin_name) {
  const Text* const name = name_of(check.id);
  return name == nullptr ? check.name : filled(call_pin(name->in(language), pin_name), {check.subject});
}

std::string text_in_words(const DoctorCheck& check, Language language, std::string_view pin_name) {
  if (const Text* const text = texts_of(check.finding).text)
    return filled(call_pin(text->in(language), pin_name), check.values);
  if (!check.finding.empty() || !check.reason) return check.text;
  const std::string cause = call_pin(info(*check.reason).in(language).cause, pin_name);
  const bool detailed = !check.values.empty() && !check.values.front().empty();
  return detailed ? cause + " (" + check.values.front() + ")" : cause;
}

bool leaves_open(const DoctorCheck& check) {
  if (check.status == "skipped") return true;
  const auto* row = row_called(finding_rows, check.finding);
  return row != nullptr && row->open;
}

std::string advice_in_words(const DoctorCheck& check, Language language, std::string_view pin_name) {
  const FindingTexts found = texts_of(check.finding);
  if (found.advice != nullptr && !found.advice->empty())
    return call_pin(found.advice->in(language), pin_name);
  if (check.reason) return call_pin(info(*check.reason).in(language).administrator_action, pin_name);
  return found.text != nullptr ? std::string() : check.advice;
}

}  // namespace koshin::renewal
