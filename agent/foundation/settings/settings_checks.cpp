// SPDX-License-Identifier: MIT
// Checks of settings values beyond their type.
#include "foundation/settings/settings_checks.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "foundation/base/path_text.hpp"
#include "foundation/base/text.hpp"
#include "foundation/settings/name_pattern.hpp"
#include "foundation/settings/personal_values.hpp"
#include "foundation/settings/settings_reading.hpp"
#include "foundation/settings/token_attributes.hpp"
#include "foundation/settings/url_checks.hpp"

namespace koshin::settings_checks {
namespace {

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

}  // namespace

std::string list(std::span<const std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += word == words.back() ? " or " : ", ";
    text += '"' + std::string(word) + '"';
  }
  return text;
}

std::string must_be_one_of(std::span<const std::string_view> choices) {
  return "must be " + list(choices);
}

std::string language(std::string_view value) {
  if (parse_language(value)) return {};
  std::array<std::string_view, language_count> tags;
  std::ranges::transform(languages, tags.begin(), &LanguageRow::tag);
  return "must be " + list(tags);
}

std::string key_policy(std::string_view value) {
  constexpr std::array<std::string_view, 8> policies{"same",    "rsa-2048", "rsa-3072", "rsa-4096",
                                                     "ec-p256", "ec-p384",  "ec-p521",  "renew"};
  return std::ranges::find(policies, value) == policies.end() ? must_be_one_of(policies) : std::string();
}

std::string key_choices(const std::vector<std::string>& value) {
  for (auto entry = value.begin(); entry != value.end(); ++entry) {
    if (auto trouble = key_policy(*entry); !trouble.empty()) return trouble;
    if (std::find(value.begin(), entry, *entry) != entry) return "must not name \"" + *entry + "\" twice";
  }
  return {};
}

std::string purposes(const std::vector<std::string>& value) {
  for (auto entry = value.begin(); entry != value.end(); ++entry) {
    if (!value_of<RenewedPurpose>(*entry))
      return "must hold purposes: each of them " + must_be_one_of(words_of<RenewedPurpose>) + ", not \"" +
             *entry + "\"";
    if (std::find(value.begin(), entry, *entry) != entry) return "must not name \"" + *entry + "\" twice";
  }
  const std::string login(word(RenewedPurpose::login));
  if (std::find(value.begin(), value.end(), login) != value.end()) return {};
  return "must name \"" + login + "\", whose certificate authenticates the requests for the others";
}

std::string object_identifiers(const std::vector<std::string>& value) {
  const auto is_identifier = [](const std::string& text) {
    const bool framed = text.size() >= 3 && text.size() <= 100 && text.front() != '.' && text.back() != '.';
    return framed && text.find('.') != std::string::npos && text.find("..") == std::string::npos &&
           text.find_first_not_of("0123456789.") == std::string::npos;
  };
  if (std::all_of(value.begin(), value.end(), is_identifier)) return {};
  return "must hold object identifiers such as \"1.3.6.1.5.5.7.3.4\"";
}

std::string number_within(long long value, long long least, long long most) {
  if (value >= least && value <= most) return {};
  return "must be between " + std::to_string(least) + " and " + std::to_string(most);
}

std::string est_label(std::string_view value) {
  if (value.size() <= 128 && std::all_of(value.begin(), value.end(), is_unreserved)) return {};
  return "must be one part of a path, of letters, digits, \"-\", \".\", \"_\" and \"~\"";
}

std::string modules(const std::vector<std::string>& value) {
  constexpr std::string_view registered = "p11-kit:";
  if (value.size() > 16) return "must not name more than 16 modules";
  for (const std::string& module : value) {
    const bool by_name = module.starts_with(registered) && module.size() > registered.size() &&
                         module.find('/') == std::string::npos;
    if (!by_name && !path_of(module).is_absolute()) return "must hold absolute paths or \"p11-kit:NAME\"";
  }
  return {};
}

std::string token_uri(std::string_view value) {
  if (value.empty()) return {};
  if (!value.starts_with("pkcs11:")) return "must begin with \"pkcs11:\"";
  std::string lower(value);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  for (const std::string_view pin : {"pin-value=", "pin_value=", ";pin=", "?pin=", "&pin=", ":pin="}) {
    if (lower.find(pin) != std::string::npos)
      return "must not hold a PIN (pin-value): use pin-source with a file that only its owner can read";
  }
  if (std::string problem = escapes(value); !problem.empty()) return problem;
  // RFC 7512 section 2.3: unreserved characters, and what may stand for itself or divides.
  constexpr std::string_view others = ":[]@!$'()*+,=&;/?|%";
  if (!std::ranges::all_of(
          value, [&](char c) { return is_unreserved(c) || others.find(c) != std::string_view::npos; }))
    return "must write a blank as %20 and each character of another script as escapes of its UTF-8 bytes, "
           "such as %E3%81%82";
  if (const auto source = pin_source_of(value);
      source && !path_of(*source).is_absolute() && !source->starts_with("file:/"))
    return "must name its pin-source by an absolute path or as file:/path";
  return {};
}

std::string token_claim(std::string_view value) {
  if (value.empty() || token_attributes_of(value)) return {};
  return "must be \"pkcs11:\" and what tells the tokens: token, manufacturer, model, serial, and nothing "
         "else";
}

std::string regular_expression(const std::string& value) {
  if (value.size() > 256) return "must not be longer than 256 characters";
  if (const std::string trouble = pattern_trouble(value); !trouble.empty())
    return "must be a regular expression as RE2 knows them: " + trouble;
  return {};
}

std::string mail_address(std::string_view value) {
  if (value.empty()) return {};
  const auto at = value.rfind('@');
  const bool plain = std::ranges::none_of(value, [](unsigned char c) { return c <= 0x20 || c == 0x7f; }) &&
                     value.find_first_of(",;<>\"") == std::string_view::npos;
  if (plain && at != std::string_view::npos && at > 0 && at + 1 < value.size()) return {};
  return "must be one mail address such as \"user@example.com\"";
}

bool is_sent_to(std::string_view address) {
  const std::string_view name = address.substr(0, address.rfind('@'));
  return std::ranges::all_of(name, [](unsigned char c) { return c < 0x80; });
}

std::string sample_recipient(std::string_view value) {
  std::string sample = with_email(value, "user@example.com");
  for (auto at = sample.find("%u"); at != std::string::npos; at = sample.find("%u"))
    sample.replace(at, 2, "user");
  return sample;
}

std::string mail_recipient(std::string_view value) {
  return mail_address(sample_recipient(value));
}

std::string pin_name(std::string_view value) {
  constexpr std::size_t longest = 60;
  if (value.size() > longest || value.find_first_of("{}<>") != std::string_view::npos ||
      trimmed(value) != value)
    return "must be at most 60 bytes long, without braces and angle brackets and without blanks at its ends";
  return {};
}

std::string color(std::string_view value) {
  const auto is_hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  if (value.empty()) return {};
  if (value.size() == 7 && value.front() == '#' && std::all_of(value.begin() + 1, value.end(), is_hex))
    return {};
  return "must be a colour such as \"#005bac\"";
}

std::string positive_duration(const CalendarDuration& value) {
  if (value != CalendarDuration{}) return {};
  return "must be longer than nothing";
}

std::string thresholds(const std::vector<CalendarDuration>& value) {
  if (value.size() > 32) return "must not hold more than 32 durations";
  for (const CalendarDuration& threshold : value) {
    if (std::string problem = positive_duration(threshold); !problem.empty()) return problem;
  }
  return {};
}

}  // namespace koshin::settings_checks
