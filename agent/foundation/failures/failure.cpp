// SPDX-License-Identifier: MIT
// Failures as values, as exceptions and as text. The table itself is in failure_table.cpp.
#include "foundation/failures/failure.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace koshin {
namespace {

constexpr std::array<std::pair<Retry, std::string_view>, 3> retry_names{{
    {Retry::never, "never"},
    {Retry::after_user_action, "after_user_action"},
    {Retry::later, "later"},
}};

std::string describe(const Failure& failure) {
  std::string text{info(failure.reason).id};
  if (!failure.detail.empty()) text += ": " + failure.detail;
  return text;
}

Failure made_printable(Failure failure) {
  failure.detail = printable(failure.detail);
  return failure;
}

}  // namespace

std::string_view to_string(Retry retry) {
  return retry_names.at(static_cast<std::size_t>(retry)).second;
}

std::optional<Retry> parse_retry(std::string_view text) {
  const auto* const found = std::find_if(retry_names.begin(), retry_names.end(),
                                         [&](const auto& name) { return name.second == text; });
  if (found == retry_names.end()) return std::nullopt;
  return found->first;
}

FailureError::FailureError(Failure failure)
    : runtime_error(describe(made_printable(failure))), failure_(made_printable(std::move(failure))) {}

void fail(Reason reason, std::string detail) {
  throw FailureError(Failure{.reason = reason, .detail = std::move(detail), .retry_after = std::nullopt});
}

}  // namespace koshin
