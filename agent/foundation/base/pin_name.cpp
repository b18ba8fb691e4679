// SPDX-License-Identifier: MIT
#include "foundation/base/pin_name.hpp"

#include <algorithm>
#include <array>

#include "foundation/base/text.hpp"

namespace koshin {
namespace {

constexpr std::string_view word = "PIN";
/// What makes of the word the name of another secret.
constexpr std::array<std::string_view, 2> of_the_officer{"SO ", "officer's "};

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

/// Whether a character is part of the same word: a letter, a digit, or a dash as in "--pin".
bool joins(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool is_the_word(std::string_view before, std::string_view after) {
  const bool of_officer =
      std::ranges::any_of(of_the_officer, [&](std::string_view owner) { return before.ends_with(owner); });
  return !of_officer && (before.empty() || !joins(before.back())) && (after.empty() || !joins(after.front()));
}

bool begins_sentence(std::string_view before) {
  return before.empty() || before.ends_with(". ") || before.ends_with("\n");
}

/// The blank at the edge between two characters that are both beyond ASCII: Japanese has none there.
bool is_needless(std::string_view beside, std::string_view beyond, bool at_front) {
  if (beside.empty() || beyond.size() < 2) return false;
  const char next_of_name = at_front ? beside.front() : beside.back();
  const char blank = at_front ? beyond.back() : beyond.front();
  const char next = at_front ? beyond[beyond.size() - 2] : beyond[1];
  return blank == ' ' && !is_ascii(next_of_name) && !is_ascii(next);
}

std::string named(std::string_view name, bool with_capital) {
  std::string result(name);
  if (with_capital && !result.empty() && result[0] >= 'a' && result[0] <= 'z')
    result[0] = static_cast<char>(result[0] - 'a' + 'A');
  return result;
}

}  // namespace

std::string call_pin(std::string_view text, std::string_view name) {
  if (name.empty()) return std::string(text);
  std::string result;
  for (;;) {
    const auto at = text.find(word);
    if (at == std::string_view::npos) return result.append(text);
    const std::string before = result + std::string(text.substr(0, at));
    const std::string_view after = text.substr(at + word.size());
    result = before;
    text = after;
    if (!is_the_word(before, after)) {
      result.append(word);
      continue;
    }
    if (is_needless(name, before, true)) result.pop_back();
    result.append(named(name, begins_sentence(before)));
    if (is_needless(name, after, false)) text.remove_prefix(1);
  }
}

}  // namespace koshin
