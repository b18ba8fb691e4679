// SPDX-License-Identifier: MIT
#include "desk_check/report.hpp"

#include <exception>

#include "foundation/base/text.hpp"

namespace koshin::desk_check {
namespace {

constexpr std::size_t longest_value = 400;

std::string_view name_of(Status status) {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::warning:
      return "warning";
    case Status::failed:
      return "failed";
    case Status::skipped:
      break;
  }
  return "skipped";
}

}  // namespace

void Report::add(DeskSubject subject, Status status, DeskFinding finding,
                 const std::vector<std::string>& values, std::string_view which) {
  DoctorCheck check;
  check.id = to_string(subject);
  check.subject = printable(which, longest_value);
  check.status = name_of(status);
  check.finding = to_string(finding);
  for (const std::string& value : values) check.values.push_back(printable(value, longest_value));
  check.name = renewal::name_in_words(check, Language::en);
  check.text = renewal::text_in_words(check, Language::en);
  check.advice = renewal::advice_in_words(check, Language::en);
  tell_(check);
}

void Report::run(DeskSubject subject, const std::function<void()>& check) {
  try {
    check();
  } catch (const std::exception& error) {
    add(subject, Status::skipped, DeskFinding::desk_not_examined, {error.what()});
  }
}

}  // namespace koshin::desk_check
