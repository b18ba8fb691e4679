// SPDX-License-Identifier: MIT
// Encodings by the system's iconv().
#include "enrollment/http/text_encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "enrollment/http/ascii.hpp"

namespace koshin::enrollment {

namespace {

class Converter {
 public:
  explicit Converter(const char* charset) : handle_(iconv_open("UTF-8", charset)) {}
  ~Converter() {
    if (known()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  // iconv_open() says so with a pointer of -1.
  bool known() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }  // NOLINT

  std::string convert(std::string_view text) const {
    std::string input(text), output;
    char* next = input.data();
    std::size_t left = input.size();
    while (left > 0) {
      std::array<char, 4096> buffer{};
      char* end = buffer.data();
      std::size_t room = buffer.size();
      const bool done = iconv(handle_, &next, &left, &end, &room) != static_cast<std::size_t>(-1);
      output.append(buffer.data(), buffer.size() - room);
      if (done || errno == E2BIG) continue;
      output += "\xEF\xBF\xBD";
      ++next;
      --left;
    }
    return output;
  }

 private:
  iconv_t handle_;
};

/// The value of "charset=" in a header or a meta element; empty without one.
std::string charset_in(std::string_view text) {
  constexpr std::string_view key = "charset=";
  const std::string lowered = lower_ascii(text);
  const auto at = lowered.find(key);
  if (at == std::string::npos) return {};
  std::string_view rest = std::string_view(lowered).substr(at + key.size());
  if (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
  const auto end = rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_");
  return std::string(rest.substr(0, std::min({end, rest.size(), std::size_t{40}})));
}

/// iconv's name of a charset that front ends answer in; null for others, so that a stranger does not choose
/// among iconv's hundred converters. Shift_JIS is what browsers take it for: Microsoft's, which has more
/// characters.
const char* known_as(std::string_view charset) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 9> names{
      {{"shift_jis", "CP932"},
       {"x-sjis", "CP932"},
       {"windows-31j", "CP932"},
       {"cp932", "CP932"},
       {"euc-jp", "EUC-JP"},
       {"iso-2022-jp", "ISO-2022-JP"},
       {"iso-8859-1", "WINDOWS-1252"},
       {"windows-1252", "WINDOWS-1252"},
       {"utf-16", "UTF-16"}}};
  const auto* const found =
      std::ranges::find_if(names, [&](const auto& one) { return one.first == charset; });
  return found == names.end() ? nullptr : found->second;
}

}  // namespace

std::string to_utf8(std::string_view body, std::string_view content_type) {
  constexpr std::size_t where_html_says_it = 1024;
  std::string charset = charset_in(content_type);
  if (charset.empty()) charset = charset_in(body.substr(0, where_html_says_it));
  const char* name = known_as(charset);
  if (name == nullptr) return std::string(body);
  const Converter converter(name);
  return converter.known() ? converter.convert(body) : std::string(body);
}

}  // namespace koshin::enrollment
