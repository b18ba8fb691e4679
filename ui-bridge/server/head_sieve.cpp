// SPDX-License-Identifier: MIT
// Processes one character after the other and keeps nothing of a cookie, however long.
#include "head_sieve.hpp"

#include <algorithm>

#include "foundation/base/text.hpp"

namespace koshin::ui {

namespace {

constexpr std::string_view cookie_field = "cookie:";

char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
}

bool begins_as(std::string_view field, std::string_view start) {
  return start.size() <= field.size() &&
         std::equal(start.begin(), start.end(), field.begin(),
                    [](char given, char wanted) { return lower(given) == wanted; });
}

}  // namespace

HeadSieve::State HeadSieve::take(std::span<const char> input, std::size_t& used) {
  used = 0;
  while (used < input.size() && !complete_) {
    take_one(input[used++]);
    if (++read_ > most_read || head_.size() > longest_head) return State::too_long;
  }
  return complete_ ? State::complete : State::incomplete;
}

std::string HeadSieve::field(std::string_view name) const {
  std::string_view left(head_);
  for (auto end = left.find("\r\n"); end != std::string_view::npos; end = left.find("\r\n")) {
    const std::string_view line = left.substr(0, end);
    if (line.size() >= name.size() && begins_as(name, line.substr(0, name.size())))
      return std::string(trimmed(line.substr(name.size()), " \t"));
    left.remove_prefix(end + 2);
  }
  return {};
}

void HeadSieve::take_one(char character) {
  if (line_ == Line::unknown) return begin_of_line(character);
  if (line_ == Line::other) head_ += character;
  if (character == '\n') line_ = Line::unknown;
}

void HeadSieve::begin_of_line(char character) {
  start_ += character;
  if (start_ == "\r\n") {  // an empty line ends the head
    head_ += start_;
    complete_ = true;
    return;
  }
  if (begins_as(cookie_field, start_)) {
    if (start_.size() < cookie_field.size()) return;
    line_ = Line::cookie;
  } else if (start_ == "\r") {
    return;  // possibly the head's last line
  } else {
    head_ += start_;
    line_ = character == '\n' ? Line::unknown : Line::other;
  }
  start_.clear();
}

}  // namespace koshin::ui
