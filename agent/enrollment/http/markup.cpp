// SPDX-License-Identifier: MIT
// A single-pass reader of tags: linear in the size of the untrusted input.
#include "enrollment/http/markup.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "enrollment/http/ascii.hpp"

namespace koshin::enrollment {

namespace {

constexpr std::string_view blank = " \t\r\n";

void append_utf8(std::uint32_t code, std::string& to) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  const auto put = [&](std::uint32_t byte) { to += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | (code >> 6));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
  } else {
    put(0xF0 | (code >> 18));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

/// Appends the character of a reference ("amp", "#8212", "#x2014"); false for unknown names.
bool append_reference(std::string_view name, std::string& to) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> names{
      {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}}};
  if (name.starts_with('#')) {
    const bool hexadecimal = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
    std::uint32_t code = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, code, hexadecimal ? 16 : 10);
    if (digits.empty() || error != std::errc() || stop != end) return false;
    append_utf8(code, to);
    return true;
  }
  const auto* const found = std::ranges::find_if(names, [&](const auto& one) { return one.first == name; });
  if (found == names.end()) return false;
  to += found->second;
  return true;
}

std::string resolved(std::string_view text) {
  constexpr std::size_t longest_reference = 10;
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '&') {
      const auto end = text.substr(at, longest_reference + 2).find(';');
      if (end != std::string_view::npos && append_reference(text.substr(at + 1, end - 1), result)) {
        at += end;
        continue;
      }
    }
    result += text[at];
  }
  return result;
}

/// The end of an element whose text is not displayed.
std::size_t end_of_element(std::string_view lowered, std::size_t from, std::string_view name) {
  const auto end = lowered.find("</" + std::string(name), from);
  return end == std::string_view::npos ? lowered.size() : end;
}

std::string_view name_of_tag(std::string_view inside) {
  return inside.substr(0, inside.find_first_of(" \t\r\n/>"));
}

}  // namespace

std::string without_markup(std::string_view markup) {
  static constexpr std::array unread{std::string_view("script"), std::string_view("style"),
                                     std::string_view("title")};
  const std::string lowered = lower_ascii(markup);
  std::string text, title;
  std::size_t at = 0;
  while (at < markup.size()) {
    const auto tag = std::min(markup.find('<', at), markup.size());
    text += resolved(markup.substr(at, tag - at));
    if (tag == markup.size()) break;
    const bool comment = markup.substr(tag).starts_with("<!--");
    const auto close = comment ? markup.find("-->", tag + 4) : markup.find('>', tag);
    if (close == std::string_view::npos) break;
    at = close + (comment ? 3 : 1);
    text += ' ';
    const std::string_view name = name_of_tag(std::string_view(lowered).substr(tag + 1, close - tag - 1));
    if (comment || std::ranges::find(unread, name) == unread.end()) continue;
    const std::size_t end = end_of_element(lowered, at, name);
    if (name == "title" && title.empty()) title = resolved(markup.substr(at, end - at));
    at = end;
  }
  return text.find_first_not_of(blank) == std::string::npos ? title : text;
}

}  // namespace koshin::enrollment
