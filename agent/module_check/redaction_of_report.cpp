// SPDX-License-Identifier: MIT
#include "module_check/redaction_of_report.hpp"

#include <algorithm>

namespace koshin::module_check {
namespace {

constexpr std::string_view instead = "(…)";

bool is_letter_or_digit(char c) {
  const bool letter =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  return letter || (c >= '0' && c <= '9');
}

/// Every PKCS#11 URI, as far as it may go: an attribute's value is any text but these characters
/// (RFC 7512 section 2.3).
void hide_uris(std::string& text) {
  static constexpr std::string_view scheme = "pkcs11:";
  for (std::size_t at = text.find(scheme); at != std::string::npos;
       at = text.find(scheme, at + instead.size())) {
    std::size_t end = std::min(text.find_first_of(" \t\n\"<>", at), text.size());
    while (end > at + scheme.size() && std::string_view(";,.:").find(text[end - 1]) != std::string_view::npos)
      --end;
    text.replace(at, end - at, instead);
  }
}

/// Where the word stands alone: "3" of "token 3", and not of "32".
void hide_word_in(std::string& text, const std::string& word) {
  for (std::size_t at = text.find(word); at != std::string::npos;) {
    const std::size_t end = at + word.size();
    const bool alone = (at == 0 || !is_letter_or_digit(text[at - 1])) &&
                       (end == text.size() || !is_letter_or_digit(text[end]));
    if (alone) text.replace(at, word.size(), instead);
    at = text.find(word, at + (alone ? instead.size() : 1));
  }
}

}  // namespace

void ReportRedaction::hide(std::string_view text) {
  constexpr std::size_t shortest = 4;
  if (text.size() < shortest) return;
  const auto place = std::find_if(hidden_.begin(), hidden_.end(),
                                  [&](const std::string& other) { return other.size() <= text.size(); });
  hidden_.emplace(place, text);
}

void ReportRedaction::hide_word(std::string_view text) {
  if (!text.empty()) words_.emplace_back(text);
}

void ReportRedaction::hide_names(const messages::CertificateReport& certificate) {
  for (const std::string* text :
       {&certificate.subject, &certificate.issuer, &certificate.serial, &certificate.common_name,
        &certificate.organization, &certificate.organizational_unit, &certificate.email, &certificate.label})
    hide(*text);
}

std::string ReportRedaction::apply(std::string text) const {
  hide_uris(text);
  for (const std::string& hidden : hidden_) {
    for (std::size_t at = text.find(hidden); at != std::string::npos;
         at = text.find(hidden, at + instead.size()))
      text.replace(at, hidden.size(), instead);
  }
  for (const std::string& word : words_) hide_word_in(text, word);
  return text;
}

}  // namespace koshin::module_check
