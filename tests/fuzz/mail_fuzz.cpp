// SPDX-License-Identifier: MIT
// The notice by e-mail, read back as a mail program reads it. The input is the token's label on a line, then
// the bank's name.
#include <algorithm>

#include "foundation/base/text.hpp"
#include "harness.hpp"
#include "ui-bridge/mail/mail_message.hpp"

namespace {

using koshin::fuzz::require;

std::string from_base64(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned held = 0, bits = 0;
  for (const char c : text.substr(0, text.find('='))) {
    const auto value = digits.find(c);
    require(value != std::string_view::npos, "base64 has digits of base64");
    held = held << 6U | static_cast<unsigned>(value);
    bits += 6;
    if (bits >= 8) bytes += static_cast<char>(held >> (bits -= 8));
  }
  return bytes;
}

/// RFC 2047: encoded words, on a line each, or plain ASCII.
std::string decoded_header(std::string_view header) {
  constexpr std::string_view begin = "=?UTF-8?B?", end = "?=";
  if (!header.starts_with(begin)) return std::string(header);
  std::string text;
  while (true) {
    const std::string_view word = header.substr(0, header.find('\r'));
    require(word.starts_with(begin) && word.ends_with(end) && word.size() <= 75, "an encoded word is one");
    text += from_base64(word.substr(begin.size(), word.size() - begin.size() - end.size()));
    header.remove_prefix(word.size());
    if (header.empty()) return text;
    require(header.starts_with("\r\n "), "a header goes on behind a blank");
    header.remove_prefix(3);
  }
}

void mail_is_read_as_the_same(const std::string& label, const std::string& bank) {
  std::string line = bank;
  std::ranges::replace_if(
      line, [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }, ' ');
  require(decoded_header(koshin::ui::encode_header(bank)) == line, "a header is read as what was written");
  koshin::Settings settings;
  settings.branding.bank_name.for_all = bank;
  settings.mail.from = "koshin@bank.example";
  settings.mail.to = "user@bank.example";
  const std::string mail = koshin::ui::compose_mail(
      settings, {.not_after = {}, .now = {}, .token_label = label}, koshin::Language::ja, "b", "<1@x>");
  std::string_view rest = mail;
  std::vector<std::string> names;
  for (std::string field = koshin::fuzz::take_line(rest); field != "\r";
       field = koshin::fuzz::take_line(rest)) {
    require(field.ends_with('\r') && field.find('\r') == field.size() - 1, "a line of a header ends once");
    if (!field.starts_with(' ')) names.push_back(field.substr(0, field.find(':')));
  }
  require(names == std::vector<std::string>{"Date", "From", "To", "Subject", "Message-ID", "MIME-Version",
                                            "Auto-Submitted", "Content-Language", "Content-Type"},
          "a mail has the headers that it was given and no more");
  constexpr std::string_view begin = "base64\r\n\r\n";
  rest.remove_prefix(std::min(rest.find(begin) + begin.size(), rest.size()));
  std::string encoded(rest.substr(0, rest.find("--b")));
  std::erase_if(encoded, [](char c) { return c == '\r' || c == '\n'; });
  require(from_base64(encoded).find(koshin::printable(label, 100)) != std::string::npos,
          "a mail names the token as it is shown everywhere");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = koshin::fuzz::text_of(data, size);
  const std::string label = koshin::fuzz::take_line(rest);
  mail_is_read_as_the_same(label, std::string(rest));
  ++koshin::fuzz::tally.accepted;
  koshin::fuzz::tally.refuses_nothing = true;
  return 0;
}
