// SPDX-License-Identifier: MIT
// Encodings by the system's code pages. Windows has none for EUC-JP and ISO-2022-JP that says what is
// invalid: both are Shift_JIS (code page 932) by arithmetic, as JIS X 0208 defines it.
#include <windows.h>

#include <array>
#include <cstdint>
#include <utility>

#include "enrollment/http/text_conversion.hpp"

namespace koshin::enrollment {
namespace {

constexpr UINT shift_jis = 932, western = 1252;
constexpr std::string_view replacement = "\xEF\xBF\xBD";

std::string to_utf8(std::wstring_view text) {
  if (text.empty()) return {};
  const int size = static_cast<int>(text.size());
  const int bytes = ::WideCharToMultiByte(CP_UTF8, 0, text.data(), size, nullptr, 0, nullptr, nullptr);
  std::string result(static_cast<std::size_t>(bytes), '\0');
  ::WideCharToMultiByte(CP_UTF8, 0, text.data(), size, result.data(), bytes, nullptr, nullptr);
  return result;
}

/// One character of a code page; empty when it is invalid there.
std::string character(UINT code_page, std::string_view bytes) {
  std::array<wchar_t, 4> wide{};
  const int count =
      ::MultiByteToWideChar(code_page, MB_ERR_INVALID_CHARS, bytes.data(), static_cast<int>(bytes.size()),
                            wide.data(), static_cast<int>(wide.size()));
  return count > 0 ? to_utf8({wide.data(), static_cast<std::size_t>(count)}) : std::string();
}

/// The row and column of JIS X 0208 (0x21 to 0x7E each) as two bytes of Shift_JIS.
std::string shifted(unsigned row, unsigned column) {
  const unsigned first = (row - 0x21) / 2 + (row < 0x5F ? 0x81U : 0xC1U);
  const unsigned second = row % 2 == 1 ? column + (column < 0x60 ? 0x1FU : 0x20U) : column + 0x7EU;
  return {static_cast<char>(first), static_cast<char>(second)};
}

bool is_jis(unsigned byte) {
  return byte >= 0x21 && byte <= 0x7E;
}

/// Takes the text apart character by character.
class Reader {
 public:
  explicit Reader(std::string_view text) : left_(text) {}
  bool done() const { return left_.empty(); }
  unsigned at(std::size_t index) const {
    return index < left_.size() ? static_cast<unsigned char>(left_[index]) : 0U;
  }
  bool has(std::size_t count) const { return left_.size() >= count; }
  bool begins(std::string_view with) const { return left_.starts_with(with); }
  std::string_view front(std::size_t count) const { return left_.substr(0, count); }
  void skip(std::size_t count) { left_.remove_prefix(count); }
  /// What stands for `count` bytes; an empty one is invalid, and one byte of it is skipped.
  void give(std::string converted, std::size_t count) {
    result_.fits = result_.fits && !converted.empty();
    if (converted.empty()) {
      result_.text += replacement;
      skip(1);
    } else {
      result_.text += converted;
      skip(count);
    }
  }
  /// The text ends within a character, which is no error.
  void end_within_character() {
    result_.text += replacement;
    left_ = {};
  }
  Converted take() { return std::move(result_); }

 private:
  std::string_view left_;
  Converted result_{.text = {}, .fits = true};
};

Converted from_code_page(std::string_view text, UINT code_page) {
  Reader reader(text);
  while (!reader.done()) {
    const unsigned first = reader.at(0);
    const bool pair = code_page == shift_jis && ::IsDBCSLeadByteEx(shift_jis, static_cast<BYTE>(first)) != 0;
    if (pair && !reader.has(2)) {
      reader.end_within_character();
    } else {
      const std::size_t size = pair ? 2 : 1;
      reader.give(first < 0x80 ? std::string(reader.front(1)) : character(code_page, reader.front(size)),
                  size);
    }
  }
  return reader.take();
}

Converted from_euc_jp(std::string_view text) {
  constexpr unsigned half_width = 0x8E;
  Reader reader(text);
  while (!reader.done()) {
    const unsigned first = reader.at(0);
    if (first < 0x80) {
      reader.give(std::string(reader.front(1)), 1);
    } else if (!reader.has(2)) {
      reader.end_within_character();
    } else if (first == half_width) {
      reader.give(character(shift_jis, reader.front(2).substr(1)), 2);
    } else {
      const unsigned row = first & 0x7FU;
      const unsigned column = reader.at(1) & 0x7FU;
      const bool fits = reader.at(1) >= 0x80 && is_jis(row) && is_jis(column);
      reader.give(fits ? character(shift_jis, shifted(row, column)) : std::string(), 2);
    }
  }
  return reader.take();
}

Converted from_iso_2022_jp(std::string_view text) {
  enum class Set { ascii, kanji, half_width };
  static constexpr std::array<std::pair<std::string_view, Set>, 5> shifts{{{"\x1B(B", Set::ascii},
                                                                           {"\x1B(J", Set::ascii},
                                                                           {"\x1B$@", Set::kanji},
                                                                           {"\x1B$B", Set::kanji},
                                                                           {"\x1B(I", Set::half_width}}};
  Reader reader(text);
  Set set = Set::ascii;
  while (!reader.done()) {
    const auto* shift = shifts.begin();
    while (shift != shifts.end() && !reader.begins(shift->first)) ++shift;
    if (shift != shifts.end()) {
      set = shift->second;
      reader.skip(shift->first.size());
    } else if (set == Set::ascii || reader.at(0) < 0x21) {
      reader.give(reader.at(0) < 0x80 && reader.at(0) != 0x1B ? std::string(reader.front(1)) : std::string(),
                  1);
    } else if (set == Set::half_width) {
      const std::string shifted_byte{static_cast<char>(reader.at(0) | 0x80U)};
      reader.give(reader.at(0) < 0x60 ? character(shift_jis, shifted_byte) : std::string(), 1);
    } else if (!reader.has(2)) {
      reader.end_within_character();
    } else {
      const bool fits = is_jis(reader.at(0)) && is_jis(reader.at(1));
      reader.give(fits ? character(shift_jis, shifted(reader.at(0), reader.at(1))) : std::string(), 2);
    }
  }
  return reader.take();
}

Converted from_utf8(std::string_view text) {
  Reader reader(text);
  while (!reader.done()) {
    const unsigned first = reader.at(0);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first >= 0xC2 && first < 0xF5 && !reader.has(size))
      reader.end_within_character();
    else
      reader.give(first == 0 ? std::string(1, '\0') : character(CP_UTF8, reader.front(size)), size);
  }
  return reader.take();
}

Converted from_utf16(std::string_view text, bool big_endian) {
  Reader reader(text);
  const auto unit = [&](std::size_t index) {
    const unsigned low = reader.at(index * 2 + (big_endian ? 1 : 0));
    const unsigned high = reader.at(index * 2 + (big_endian ? 0 : 1));
    return static_cast<wchar_t>(high << 8U | low);
  };
  while (!reader.done()) {
    const wchar_t first = unit(0);
    const bool begins_pair = first >= 0xD800 && first < 0xDC00;
    if (!reader.has(begins_pair ? 4 : 2)) {
      reader.end_within_character();
    } else if (begins_pair) {
      const std::array<wchar_t, 2> pair{first, unit(1)};
      const bool fits = pair[1] >= 0xDC00 && pair[1] < 0xE000;
      reader.give(fits ? to_utf8({pair.data(), 2}) : std::string(), 4);
    } else {
      reader.give(first >= 0xDC00 && first < 0xE000 ? std::string() : to_utf8({&first, 1}), 2);
    }
  }
  return reader.take();
}

}  // namespace

std::optional<Converted> convert_to_utf8(std::string_view text, const char* charset) {
  const std::string_view name = charset;
  if (name == "CP932") return from_code_page(text, shift_jis);
  if (name == "WINDOWS-1252") return from_code_page(text, western);
  if (name == "EUC-JP") return from_euc_jp(text);
  if (name == "ISO-2022-JP") return from_iso_2022_jp(text);
  if (name == "UTF-8") return from_utf8(text);
  if (name == "UTF-16LE") return from_utf16(text, false);
  if (name == "UTF-16BE") return from_utf16(text, true);
  if (name == "UTF-16") {  // without a mark in front: as the standard says
    const bool little = text.starts_with("\xFF\xFE");
    if (little || text.starts_with("\xFE\xFF")) text.remove_prefix(2);
    return from_utf16(text, !little);
  }
  return std::nullopt;
}

}  // namespace koshin::enrollment
