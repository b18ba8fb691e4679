// SPDX-License-Identifier: MIT
// Which encoding a text is in.
#include "enrollment/http/text_encoding.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "enrollment/http/ascii.hpp"
#include "enrollment/http/text_conversion.hpp"
#include "foundation/base/text.hpp"

namespace koshin::enrollment {

namespace {

/// The value of "charset=" in a header or a meta element, of "encoding=" in an XML declaration; empty without
/// one.
std::string charset_in(std::string_view text, std::string_view key = "charset=") {
  const std::string lowered = lower_ascii(text);
  const auto at = lowered.find(key);
  if (at == std::string::npos) return {};
  std::string_view rest = std::string_view(lowered).substr(at + key.size());
  if (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
  const auto end = rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_");
  return std::string(rest.substr(0, std::min({end, rest.size(), std::size_t{40}})));
}

/// iconv's name of a charset that front ends use; null for others, so that a server cannot choose among
/// iconv's hundred converters. Shift_JIS means Microsoft's variant, which has more characters, as in
/// browsers.
const char* known_as(std::string_view charset) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 13> names{
      {{"shift_jis", "CP932"},
       {"x-sjis", "CP932"},
       {"windows-31j", "CP932"},
       {"cp932", "CP932"},
       {"euc-jp", "EUC-JP"},
       {"iso-2022-jp", "ISO-2022-JP"},
       {"iso-8859-1", "WINDOWS-1252"},
       {"windows-1252", "WINDOWS-1252"},
       {"utf-8", "UTF-8"},
       {"utf8", "UTF-8"},
       {"utf-16", "UTF-16"},
       {"utf-16le", "UTF-16LE"},
       {"utf-16be", "UTF-16BE"}}};
  const auto* const found =
      std::ranges::find_if(names, [&](const auto& one) { return one.first == charset; });
  return found == names.end() ? nullptr : found->second;
}

/// The charset of a byte order mark, as Windows programs write it; empty without one.
std::string_view charset_of_mark(std::string_view body) {
  if (body.starts_with(byte_order_mark)) return "utf-8";
  if (body.starts_with("\xFF\xFE")) return "utf-16le";
  if (body.starts_with("\xFE\xFF")) return "utf-16be";
  return {};
}

std::string charset_named(std::string_view body, std::string_view content_type) {
  constexpr std::size_t where_html_says_it = 1024;
  const std::string_view head = body.substr(0, where_html_says_it);
  std::string charset = charset_in(content_type);
  if (charset.empty()) charset = charset_in(head);
  if (charset.empty() && head.find("<?xml") != std::string_view::npos)
    charset = charset_in(head, "encoding=");
  return charset;
}

/// The converted text; empty when it is invalid in that encoding or the encoding is unknown.
std::optional<std::string> converted(std::string_view body, const char* name) {
  auto result = convert_to_utf8(body, name);
  return result && result->fits ? std::optional(std::move(result->text)) : std::nullopt;
}

/// Whether the text contains kana, as almost every Japanese sentence does.
bool has_kana(std::string_view utf8) {
  return utf8.find("\xE3\x81") != std::string_view::npos || utf8.find("\xE3\x82") != std::string_view::npos ||
         utf8.find("\xE3\x83") != std::string_view::npos;
}

/// For text with a missing or wrong charset: a Japanese encoding in which all of it is valid and has kana.
/// EUC-JP is tried first: such text is valid in CP932 as well, as half-width katakana.
std::optional<std::string> guessed(std::string_view body) {
  const bool shifts = body.find("\x1B$") != std::string_view::npos;
  for (const char* name : {"ISO-2022-JP", "EUC-JP", "CP932"}) {
    if ((std::string_view(name) == "ISO-2022-JP") != shifts) continue;
    if (auto text = converted(body, name); text && has_kana(*text)) return text;
  }
  return std::nullopt;
}

/// Converts by the declared charset, with replacement of invalid bytes.
std::string as_named(std::string_view body, const char* name) {
  auto result = convert_to_utf8(body, name);
  return result ? std::move(result->text) : std::string(body);
}

}  // namespace

std::string to_utf8(std::string_view body, std::string_view content_type) {
  std::string charset(charset_of_mark(body));
  if (charset.empty()) charset = charset_named(body, content_type);
  const char* const name = known_as(charset);
  const bool says_utf8 = name == nullptr || std::string_view(name) == "UTF-8";
  if (!says_utf8) {
    if (auto text = converted(body, name)) return std::string(without_byte_order_mark(*text));
  }
  const bool shifts = body.find("\x1B$") != std::string_view::npos;
  if (!shifts && says_utf8 && converted(body, "UTF-8")) return std::string(without_byte_order_mark(body));
  if (auto text = guessed(body)) return *std::move(text);
  return says_utf8 ? std::string(without_byte_order_mark(body)) : as_named(body, name);
}

}  // namespace koshin::enrollment
