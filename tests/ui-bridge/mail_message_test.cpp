// SPDX-License-Identifier: MIT
// The notice as an e-mail: headers that cannot be forged by their values, both languages, both parts.
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "ui-bridge/mail/mail_message.hpp"

namespace koshin::ui {
namespace {

Settings settings() {
  Settings result;
  result.mail.from = "bank@example.test";
  result.mail.to = "user@example.test";
  result.branding.bank_name.for_all = "さくら銀行";
  return result;
}

MailNotice notice() {
  return {*parse_rfc3339("2026-12-05T03:04:05Z"), *parse_rfc3339("2026-11-23T00:00:00Z"), "Token <1>"};
}

std::string from_base64(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0, count = 0;
  for (const char c : text) {
    const auto digit = digits.find(c);
    if (digit == std::string_view::npos) continue;
    bits = bits << 6U | static_cast<unsigned>(digit);
    if ((count += 6) < 8) continue;
    bytes += static_cast<char>(bits >> (count -= 8) & 0xFFU);
  }
  return bytes;
}

/// The text of each part of a mail whose boundary is "B".
std::vector<std::string> parts_of(const std::string& mail) {
  constexpr std::string_view boundary = "--B", end_of_headers = "\r\n\r\n";
  std::vector<std::string> parts;
  std::size_t begin = mail.find("\r\n--B\r\n") + 2;
  for (auto end = mail.find(boundary, begin + 1); end != std::string::npos;
       begin = end, end = mail.find(boundary, begin + 1)) {
    const auto content = mail.find(end_of_headers, begin) + end_of_headers.size();
    parts.push_back(from_base64(std::string_view(mail).substr(content, end - content)));
  }
  return parts;
}

bool holds(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

TEST(EncodeHeader, AsciiStaysAsItIs) {
  EXPECT_EQ(encode_header("Renew now"), "Renew now");
}

TEST(EncodeHeader, JapaneseBecomesEncodedWordsOfAtMost75Characters) {
  const std::string encoded =
      encode_header("電子証明書の更新のお願い 電子証明書の更新のお願い 電子証明書の更新");
  std::size_t begin = 0;
  while (begin < encoded.size()) {
    const auto end = encoded.find("\r\n ", begin);
    const std::string word = encoded.substr(begin, end - begin);
    EXPECT_LE(word.size(), 75U);
    EXPECT_EQ(word.rfind("=?UTF-8?B?", 0), 0U);
    if (end == std::string::npos) break;
    begin = end + 3;
  }
}

TEST(EncodeHeader, ALineBreakCannotAddAHeader) {
  EXPECT_EQ(encode_header("a\r\nBcc: evil@example.test"), "a  Bcc: evil@example.test");
}

TEST(ComposeMail, ANameInAsciiIsAQuotedString) {
  Settings named = settings();
  named.branding.bank_name.for_all = "Sakura \"Bank\", Tokyo";
  EXPECT_NE(compose_mail(named, notice(), Language::en, "B", "<i@k>")
                .find("From: \"Sakura \\\"Bank\\\", Tokyo\" <bank@example.test>\r\n"),
            std::string::npos);
}

TEST(ComposeMail, HasBothPartsAndNoLineOverTheLimit) {
  for (const Language language : {Language::ja, Language::en}) {
    const std::string mail = compose_mail(settings(), notice(), language, "B", "<id@koshin.invalid>");
    EXPECT_NE(mail.find("From: =?UTF-8?B?"), std::string::npos);
    EXPECT_NE(mail.find(" <bank@example.test>\r\n"), std::string::npos);
    EXPECT_NE(mail.find("Content-Type: text/plain; charset=utf-8\r\n"), std::string::npos);
    EXPECT_NE(mail.find("Content-Type: text/html; charset=utf-8\r\n"), std::string::npos);
    EXPECT_NE(mail.find("\r\n--B--\r\n"), std::string::npos);
    EXPECT_NE(mail.find("Date: Mon, 23 Nov 2026 00:00:00 +0000\r\n"), std::string::npos);
    for (std::size_t begin = 0, end = 0; (end = mail.find("\r\n", begin)) != std::string::npos;
         begin = end + 2) {
      const std::string line = mail.substr(begin, end - begin);
      EXPECT_LE(line.size(), line.find("=?UTF-8?") == std::string::npos ? 78U : 76U) << line;
    }
  }
}

TEST(ComposeMail, AnExpiredSignatureCanStillBeRenewed) {
  MailNotice expired = notice();
  expired.now = expired.not_after + std::chrono::days{3};
  const auto subject = [&] {
    const std::string mail = compose_mail(settings(), expired, Language::en, "B", "<i@k>");
    const auto begin = mail.find("Subject: ") + 9;
    return mail.substr(begin, mail.find("\r\n", begin) - begin);
  };
  EXPECT_EQ(subject(), "Your certificate has expired");
  expired.purpose = messages::Purpose::signature;
  EXPECT_EQ(subject(), "Your certificate has expired: please renew it");
}

struct Words {
  Language language;
  std::string_view opens_by_itself, renew, enroll, pin_warning;
};
constexpr Words in_both_languages[] = {
    {Language::en, "opens by itself", "run “koshin renew” in a terminal", "run “koshin enroll” in a terminal",
     "We never ask for a PIN or passphrase by e-mail."},
    {Language::ja, "画面が自動で案内されます", "端末で「koshin renew」を実行して",
     "端末で「koshin enroll」を実行して", "PIN やパスフレーズをメールでお尋ねすることはありません。"}};

TEST(ComposeMail, LeadsToThePageByItselfAndByALink) {
  for (const Words& words : in_both_languages)
    for (const bool renewable : {true, false}) {
      MailNotice one = notice();
      if (!renewable) one.now = one.not_after + std::chrono::days{3};
      const auto parts = parts_of(compose_mail(settings(), one, words.language, "B", "<i@k>"));
      ASSERT_EQ(parts.size(), 2U);
      for (const std::string& part : parts) {
        EXPECT_TRUE(holds(part, words.opens_by_itself)) << part;
        EXPECT_TRUE(holds(part, renewable ? "koshin://renew" : "koshin://reissue")) << part;
        EXPECT_TRUE(holds(part, words.pin_warning)) << part;
        EXPECT_FALSE(holds(part, words.renew) || holds(part, words.enroll)) << part;
      }
    }
}

TEST(ComposeMail, WithoutAPageItNamesTheCommandAndHoldsNoLink) {
  for (const Words& words : in_both_languages)
    for (const bool renewable : {true, false}) {
      MailNotice one = notice();
      one.page_possible = false;
      if (!renewable) one.now = one.not_after + std::chrono::days{3};
      const auto parts = parts_of(compose_mail(settings(), one, words.language, "B", "<i@k>"));
      ASSERT_EQ(parts.size(), 2U);
      for (const std::string& part : parts) {
        EXPECT_TRUE(holds(part, renewable ? words.renew : words.enroll)) << part;
        EXPECT_TRUE(holds(part, words.pin_warning)) << part;
        EXPECT_FALSE(holds(part, words.opens_by_itself)) << part;
        EXPECT_FALSE(holds(part, "koshin:") || holds(part, "href")) << part;
      }
    }
}

}  // namespace
}  // namespace koshin::ui
