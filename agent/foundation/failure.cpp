// SPDX-License-Identifier: MIT
// Failures as values, as exceptions and as text. The table itself is in failure_table.cpp and
// failure_rows_*.hpp.
#include "foundation/failure.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "foundation/text.hpp"

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

/// Characters that steer a terminal or turn the reading direction around, and those that cannot be seen.
bool is_hostile(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;          // C0, DEL, C1
  if (c == 0x061C || (c >= 0x200B && c <= 0x200F)) return true;  // Arabic letter mark, zero width, LRM, RLM
  if (c >= 0x2028 && c <= 0x202E) return true;  // line and paragraph separators, embeddings, overrides
  if (c >= 0x2060 && c <= 0x206F) return true;  // invisible operators, isolates
  if (c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB)) return true;  // byte order mark, interlinear annotations
  return (c & 0xFFFE) == 0xFFFE || (c >= 0xE0000 && c <= 0xE007F);  // noncharacters, tags
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

std::string printable(std::string_view text, std::size_t limit) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
  std::string result;
  while (!text.empty()) {
    const Utf8Character c = front_character(text);
    std::string_view shown = text.substr(0, c.length);
    if (c.valid && (c.code == '\n' || c.code == '\r' || c.code == '\t')) {
      shown = " ";
    } else if (!c.valid || is_hostile(c.code)) {
      shown = replacement;
    }
    if (result.size() + shown.size() > limit) break;
    result += shown;
    text.remove_prefix(c.length);
  }
  return result;
}

}  // namespace koshin
