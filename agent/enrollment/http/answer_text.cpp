// SPDX-License-Identifier: MIT
// Extraction of displayable text from plain text, markup and JSON.
#include "enrollment/http/answer_text.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "enrollment/http/ascii.hpp"
#include "enrollment/http/markup.hpp"
#include "enrollment/http/text_encoding.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::enrollment {

namespace {

using nlohmann::json;

constexpr std::size_t max_shown = 1000;
constexpr std::size_t max_read = std::size_t{64} * 1024;

/// Replaces blanks and line breaks by single blanks; printable() handles other characters.
std::string one_paragraph(std::string_view body) {
  std::string text;
  for (const char c : body) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
    if (!blank) text += c;
    if (blank && !text.empty() && text.back() != ' ') text += ' ';
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

/// Whether the begin of the body has no bytes that texts do not contain.
bool is_text(std::string_view body) {
  const std::string_view head = body.substr(0, 2000);
  const auto odd = std::ranges::count_if(head, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t' && byte != '\r' && byte != '\n' && byte != 0x1B && byte != 0) ||
           byte == 0x7F;
  });
  return static_cast<std::size_t>(odd) * 20 <= head.size();
}

void add_words(const json& value, std::string& words, int depth) {
  static constexpr std::array names{"title",  "error",       "message",      "error_description",
                                    "detail", "description", "errorMessage", "error_message",
                                    "reason", "errors",      "fault",        "msg"};
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (!text.empty() && words.find(text) == std::string::npos) words += (words.empty() ? "" : ": ") + text;
    return;
  }
  if (depth == 0) return;
  if (value.is_array()) {
    for (const auto& one : value) add_words(one, words, depth - 1);
  }
  if (!value.is_object()) return;
  for (const char* name : names) {
    if (const auto member = value.find(name); member != value.end()) add_words(*member, words, depth - 1);
  }
}

/// The members with texts; without any, the JSON itself. Empty for invalid JSON and for unlimited nesting:
/// writing each level takes stack.
std::optional<std::string> words_of_json(std::string_view body) {
  constexpr int deepest_shown = 32;
  int deepest = 0;
  const auto measure = [&deepest](int depth, json::parse_event_t /*event*/, const json& /*parsed*/) {
    deepest = std::max(deepest, depth);
    return true;
  };
  const json value = json::parse(body, measure, false);
  if (value.is_discarded()) return std::nullopt;
  std::string words;
  add_words(value, words, 4);
  if (!words.empty()) return words;
  if (deepest > deepest_shown) return std::nullopt;
  return value.empty() ? std::string() : value.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Output before a page (a warning, for example) is of the page's type as well.
bool is_markup(std::string_view content_type) {
  return lower_ascii(content_type.substr(0, content_type.find(';'))).find("html") != std::string::npos;
}

}  // namespace

std::string words_of_body(std::string_view raw, std::string_view content_type) {
  const std::string body = to_utf8(raw.substr(0, max_read), content_type);
  const auto first = body.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || !is_text(body)) return {};
  const std::string_view text = std::string_view(body).substr(first);
  std::optional<std::string> words;
  if (text.front() == '{' || text.front() == '[') words = words_of_json(text);
  const bool markup = text.front() == '<' || is_markup(content_type);
  if (!words && markup) words = without_markup(text);
  if (!words) words = text;
  return printable(one_paragraph(*words), max_shown);
}

}  // namespace koshin::enrollment
