// SPDX-License-Identifier: MIT
#include "cli/support_redaction.hpp"

#include <algorithm>
#include <array>

namespace koshin::cli {
namespace {

constexpr std::string_view instead = "***";

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// A byte of a character of another script (RFC 6531).
bool is_of_other_script(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

/// What may stand before the "@" of an address (RFC 5322 atext, but for "/" and "=", which end a word in
/// addresses and logs; RFC 6531).
bool is_of_local_part(char c) {
  return is_letter_or_digit(c) || is_of_other_script(c) ||
         std::string_view(".!#$%&*+-?^_`{|}~").find(c) != std::string_view::npos;
}

bool ends_word(char c) {
  return static_cast<unsigned char>(c) <= ' ' ||
         std::string_view("\"',;&<>)]}\\").find(c) != std::string_view::npos;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool begins_with(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

/// From "scheme://" to the last "@" before the address's host ends: user and password.
std::string without_user_info(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t scheme = text.find("://", at);
    if (scheme == std::string_view::npos) return result.append(text.substr(at));
    const std::size_t begin = scheme + 3;
    std::size_t end = begin;
    while (end < text.size() && !ends_word(text[end]) && text[end] != '/' && text[end] != '?') ++end;
    const std::size_t user_end = text.substr(begin, end - begin).rfind('@');
    result.append(text.substr(at, begin - at));
    if (user_end != std::string_view::npos)
      result.append(instead).append(text.substr(begin + user_end, end - begin - user_end));
    else
      result.append(text.substr(begin, end - begin));
    at = end;
  }
  return result;
}

/// "name=value", "name: value", "\"name\":\"value\"" and the like.
std::string without_named_secrets(std::string_view text) {
  constexpr std::array<std::string_view, 5> names{"pin-value", "password", "passphrase", "secret", "pin"};
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const bool word_begins = at == 0 || !is_letter_or_digit(text[at - 1]);
    const auto* const name = std::ranges::find_if(
        names, [&](std::string_view word) { return word_begins && begins_with(text.substr(at), word); });
    if (name == names.end()) {
      result += text[at++];
      continue;
    }
    std::size_t value = at + name->size();
    const bool is_json_name = value < text.size() && text[value] == '"';
    if (is_json_name) ++value;
    const bool named = value < text.size() && (text[value] == '=' || text[value] == ':');
    if (named) ++value;
    while (named && value < text.size() && (text[value] == ' ' || text[value] == '"' || text[value] == '\''))
      ++value;
    result.append(text.substr(at, value - at));
    at = value;
    // An object of a document has names of its own: what a token says of its PIN, for one.
    if (!named || (is_json_name && text.substr(value).starts_with('{'))) continue;
    std::size_t end = value;
    while (end < text.size() && !ends_word(text[end])) ++end;
    const bool is_bare = is_json_name && text[value - 1] != '"';  // a number: the document stays one
    if (end > value) result.append(is_bare ? "\"***\"" : instead);
    at = end;
  }
  return result;
}

std::string without_local_parts(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool address = text[at] == '@' && at + 1 < text.size() &&
                         (is_letter_or_digit(text[at + 1]) || is_of_other_script(text[at + 1])) &&
                         !result.empty() && is_of_local_part(result.back()) && !result.ends_with(instead);
    if (address) {
      while (!result.empty() && is_of_local_part(result.back())) result.pop_back();
      result += instead;
    }
    result += text[at];
  }
  return result;
}

}  // namespace

std::string without_secrets(std::string_view text) {
  return without_local_parts(without_named_secrets(without_user_info(text)));
}

}  // namespace koshin::cli
