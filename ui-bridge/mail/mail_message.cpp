// SPDX-License-Identifier: MIT
// Composition of the mail.
#include "mail_message.hpp"

#include <algorithm>
#include <array>

#include "foundation/base/pin_name.hpp"
#include "foundation/base/text.hpp"
#include "foundation/texts/mail.hpp"
#include "renewal/policy/policy.hpp"
#include "ui-bridge/wizard/link.hpp"

namespace koshin::ui {

namespace {

constexpr std::string_view newline = "\r\n";
constexpr std::size_t base64_columns = 76;
/// How many bytes fit into an encoded word that begins in this column: "=?UTF-8?B?" + base64 + "?=". The word
/// has at most 75 characters, its line at most 76, the header's name included (RFC 2047 section 2).
std::size_t word_bytes(std::size_t column) {
  constexpr std::size_t longest_word = 75, longest_line = 76, frame = 12, shortest = 4;
  const std::size_t room = std::min(longest_word, longest_line - std::min(longest_line, column));
  return (std::max(room, frame + shortest) - frame) / 4 * 3;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t k) {
      return k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0U;
    };
    const unsigned group = (at(i) << 16U) | (at(i + 1) << 8U) | at(i + 2);
    for (unsigned k = 0; k < 4; ++k)
      text += i + k > bytes.size() ? '=' : digits[(group >> (18U - 6U * k)) & 63U];
  }
  return text;
}

std::string base64_lines(std::string_view bytes) {
  const std::string all = base64(bytes);
  std::string lines;
  for (std::size_t i = 0; i < all.size(); i += base64_columns)
    lines.append(all, i, base64_columns).append(newline);
  return lines;
}

std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; },
      ' ');
  return line;
}

std::string escape_html(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\n':
        html += "<br>";
        break;
      default:
        html += c;
    }
  }
  return html;
}

/// The address, preceded by the bank's name.
std::string sender(const std::string& name, const std::string& address, std::size_t column) {
  if (name.empty()) return one_line(address);
  const std::string shown = encode_header(name, column);
  const std::string address_part = " <" + one_line(address) + ">";
  if (shown != one_line(name)) return shown + "\r\n" + address_part;
  std::string quoted = "\"";  // plain ASCII: a quoted string (RFC 5322 section 3.2.4)
  for (const char c : shown) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"' + address_part;
}

/// Without a page `link` is empty.
struct Texts {
  std::string subject, heading, body, expiry_label, expiry, token_label, token, closing, link_label, link,
      help;
};

Text closing_of(bool renewable, bool page_possible) {
  if (page_possible) return renewable ? texts::mail_closing : texts::mail_closing_reissue;
  return renewable ? texts::mail_closing_no_page : texts::mail_closing_reissue_no_page;
}

Texts texts_for(const Settings& settings, const MailNotice& notice, Language language) {
  const TimePoint until = add(notice.not_after, settings.renewal.grace);
  const PlaceValue values[] = {
      {"left", days_left_in_words(renewal::days_left(notice.not_after, notice.now), language)},
      {"ago", days_ago_in_words(renewal::days_left(notice.now, notice.not_after), language)},
      {"until", to_local_words(until, language)},
      {"help_desk", settings.branding.help_desk.in_any(language)}};
  const std::string& pin_name = settings.branding.pin_name.in(language);
  const auto say = [&](const Text& text) {
    return fill_named_places(call_pin(text.in(language), pin_name), values);
  };
  const bool renewable =
      !renewal::is_past_renewal(notice.purpose, notice.not_after, settings.renewal, notice.now);
  const bool logs_in = notice.purpose == messages::Purpose::log_in;
  const auto [subject, heading, body] =
      notice.now <= notice.not_after ? std::array{texts::mail_due_subject, texts::mail_due_heading,
                                                  logs_in ? texts::mail_due_body : texts::mail_due_any_body}
      : !logs_in
          ? std::array{texts::mail_grace_any_subject, texts::mail_grace_heading, texts::mail_grace_any_body}
      : renewable
          ? std::array{texts::mail_grace_subject, texts::mail_grace_heading, texts::mail_grace_body}
          : std::array{texts::mail_expired_subject, texts::mail_expired_heading, texts::mail_expired_body};
  return {say(subject),
          say(heading),
          say(body),
          say(texts::mail_expiry),
          to_local_words(notice.not_after, language),
          say(texts::mail_token),
          printable(notice.token_label, 100),
          say(closing_of(renewable, notice.page_possible)),
          say(texts::mail_link),
          notice.page_possible ? address_of(renewable ? Link::renew : Link::reissue) : std::string(),
          settings.branding.help_desk.empty() ? "" : say(texts::mail_help_desk)};
}

std::string plain_part(const Texts& texts, const std::string& bank) {
  std::string text =
      texts.heading + "\n\n" + texts.body + "\n\n" + texts.expiry_label + ": " + texts.expiry + "\n";
  if (!texts.token.empty()) text += texts.token_label + ": " + texts.token + "\n";
  text += "\n" + texts.closing + "\n";
  if (!texts.link.empty()) text += texts.link_label + ": " + texts.link + "\n";
  if (!texts.help.empty()) text += "\n" + texts.help + "\n";
  return bank.empty() ? text : text + "\n-- \n" + bank + "\n";
}

std::string row(const std::string& label, const std::string& value) {
  return "<tr><td style=\"padding:4px 16px 4px 0;color:#5a6472\">" + escape_html(label) +
         "</td><td style=\"padding:4px 0\"><strong>" + escape_html(value) + "</strong></td></tr>";
}

std::string html_part(const Texts& texts, const std::string& bank, Language language) {
  std::string html =
      "<!doctype html><html lang=\"" + std::string(info(language).tag) +
      "\"><head><meta charset=\"utf-8\"><title>" + escape_html(texts.subject) +
      "</title></head><body "
      "style=\"margin:0;background:#f4f5f7;color:#1b222b;font-family:sans-serif;line-height:1.7\">"
      "<div style=\"max-width:34em;margin:24px auto;padding:32px;background:#fff;border-radius:12px\">";
  if (!bank.empty()) html += "<p style=\"color:#5a6472;margin:0 0 8px\">" + escape_html(bank) + "</p>";
  html += "<h1 style=\"font-size:1.3em;margin:0 0 16px\">" + escape_html(texts.heading) + "</h1><p>" +
          escape_html(texts.body) + "</p><table style=\"margin:16px 0\">" +
          row(texts.expiry_label, texts.expiry);
  if (!texts.token.empty()) html += row(texts.token_label, texts.token);
  html += "</table><p>" + escape_html(texts.closing) + "</p>";
  if (!texts.link.empty())
    html +=
        "<p>" + escape_html(texts.link_label) + ": <a href=\"" + texts.link + "\">" + texts.link + "</a></p>";
  if (!texts.help.empty()) html += "<p>" + escape_html(texts.help) + "</p>";
  return html + "</div></body></html>";
}

std::string part(std::string_view boundary, std::string_view type, std::string_view content) {
  return std::string("--")
             .append(boundary)
             .append("\r\nContent-Type: ")
             .append(type)
             .append("; charset=utf-8\r\n") +
         "Content-Transfer-Encoding: base64\r\n\r\n" + base64_lines(content);
}

/// RFC 5322 section 3.3, in UTC.
std::string date_header(TimePoint time) {
  constexpr std::string_view day_names[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::string_view month_names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::string clock = to_rfc3339(time).substr(11, 8);
  return std::string(day_names[std::chrono::weekday(day).c_encoding()]) + ", " +
         std::to_string(static_cast<unsigned>(date.day())) + " " +
         std::string(month_names[static_cast<unsigned>(date.month()) - 1]) + " " +
         std::to_string(static_cast<int>(date.year())) + " " + clock + " +0000";
}

void add_header(std::string& mail, std::string_view name, std::string_view value) {
  mail.append(name).append(": ").append(value).append(newline);
}

struct Envelope {
  std::string subject;
  TimePoint now;
  Language language;
  std::string_view message_id;
};

/// The headers that all mails have, in their order.
std::string headers(const Settings& settings, const Envelope& envelope) {
  std::string mail;
  add_header(mail, "Date", date_header(envelope.now));
  add_header(mail, "From",
             sender(settings.branding.bank_name.in_any(envelope.language), settings.mail.from,
                    std::string_view("From: ").size()));
  add_header(mail, "To", one_line(settings.mail.to));
  if (!settings.mail.cc.empty()) add_header(mail, "Cc", one_line(settings.mail.cc));
  add_header(mail, "Subject", encode_header(envelope.subject, std::string_view("Subject: ").size()));
  add_header(mail, "Message-ID", envelope.message_id);
  add_header(mail, "MIME-Version", "1.0");
  add_header(mail, "Auto-Submitted", "auto-generated");
  add_header(mail, "Content-Language", info(envelope.language).tag);
  return mail;
}

}  // namespace

std::string encode_header(std::string_view text, std::size_t column) {
  std::string line = one_line(text);
  const bool ascii =
      std::all_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii && line.find("=?") == std::string::npos) return line;
  std::string encoded;
  std::string word;
  const auto flush = [&] {
    if (word.empty()) return;
    if (!encoded.empty()) encoded += "\r\n ";
    encoded += "=?UTF-8?B?" + base64(word) + "?=";
    word.clear();
    column = 1;  // the blank that continues the header
  };
  for (std::string_view rest = line; !rest.empty();) {
    const std::size_t length = front_character(rest).length;  // a character never spans two encoded words
    if (word.size() + length > word_bytes(column)) flush();
    word.append(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  flush();
  return encoded;
}

std::string compose_mail(const Settings& settings, const MailNotice& notice, Language language,
                         std::string_view boundary, std::string_view message_id) {
  const Texts texts = texts_for(settings, notice, language);
  const std::string& bank = settings.branding.bank_name.in_any(language);
  std::string mail = headers(settings, {texts.subject, notice.now, language, message_id});
  add_header(mail, "Content-Type", "multipart/alternative; boundary=\"" + std::string(boundary) + "\"");
  mail.append(newline);
  mail += part(boundary, "text/plain", plain_part(texts, bank)) +
          part(boundary, "text/html", html_part(texts, bank, language));
  return mail.append("--").append(boundary).append("--").append(newline);
}

std::string compose_test_mail(const Settings& settings, TimePoint now, Language language,
                              std::string_view computer, std::string_view message_id) {
  const PlaceValue values[] = {{"computer", printable(computer, 100)}};
  std::string mail =
      headers(settings, {std::string(texts::mail_test_subject.in(language)), now, language, message_id});
  add_header(mail, "Content-Type", "text/plain; charset=utf-8");
  add_header(mail, "Content-Transfer-Encoding", "base64");
  return mail.append(newline) +
         base64_lines(fill_named_places(texts::mail_test_body.in(language), values) + "\n");
}

}  // namespace koshin::ui
