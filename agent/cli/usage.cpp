// SPDX-License-Identifier: MIT
// Words that the grammar rejects, and suggestions.
#include "cli/usage.hpp"

#include <algorithm>
#include <optional>

#include "foundation/base/option_name.hpp"
#include "foundation/base/text.hpp"
#include "foundation/texts/cli.hpp"

namespace koshin::cli {
namespace {

constexpr std::size_t sha256_digits = 64;
/// The edit distance up to which a suggestion is certain.
constexpr std::size_t near = 2;

/// The options for a secret that people try to pass as an argument.
struct SecretWay {
  std::string_view beginning;  ///< of the option's name
  std::string_view options;
};

constexpr SecretWay secret_ways[] = {
    {"pin", "--pin-stdin, --pinentry"}, {"user-pin", "--pin-stdin, --pinentry"},
    {"p", "--pin-stdin, --pinentry"},   {"so-pin", "--so-pin-stdin"},
    {"pass", "--passphrase-stdin"},     {"code", "--code-stdin"},
    {"secret", "--code-stdin"},         {"puk", "--puk-stdin"},
    {"new-pin", "--new-pin-stdin"},     {"old-pin", "--pin-stdin"},
};

std::string_view without_dashes(std::string_view word) {
  return word.substr(std::min(word.find_first_not_of('-'), word.size()));
}

/// "--pin=1234" and "--pin 1234"; a single letter counts for "-p1234" alone.
const SecretWay* secret_way(std::string_view word) {
  const bool is_long = word.starts_with("--");
  for (const SecretWay& way : secret_ways)
    if ((way.beginning.size() == 1 ? !is_long : true) && without_dashes(word).starts_with(way.beginning))
      return &way;
  return nullptr;
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  std::optional<std::string> best;
  std::size_t least = near + 1;
  if (word.size() > 40) return best;
  for (const std::string& one : known) {
    const std::size_t distance = edit_distance(one, word);
    if (distance >= least || distance >= without_dashes(one).size()) continue;
    least = distance;
    best = one;
  }
  return best;
}

void refuse_option(const UsagePlace& place, const std::string& word) {
  const std::string name = option_name(word);
  if (const auto meant = nearest(name, place.options))
    throw UsageError(place.language, texts::cli_usage_similar_option, {place.command, name, *meant});
  if (const SecretWay* way = secret_way(word))
    throw UsageError(place.language, texts::cli_usage_secret_as_argument, {place.command, way->options});
  throw UsageError(place.language, texts::cli_usage_unknown_option, {place.command, name});
}

void refuse_command(const UsagePlace& place, const std::string& word) {
  if (const auto meant = nearest(word, place.commands))
    throw UsageError(place.language, texts::cli_usage_similar_command, {place.command, word, *meant});
  const bool a_name = word.size() <= 20 &&
                      std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
  throw UsageError(place.language, texts::cli_usage_unknown_command, {place.command, a_name ? word : "…"});
}

}  // namespace

UsageError::UsageError(Language language, const Text& text, std::initializer_list<std::string_view> values)
    : FailureError({Reason::usage_error, printable(fill(text.in(Language::en), values)), {}}),
      in_words_(printable(fill(text.in(language), values))) {}

void refuse_words(const UsagePlace& place, const std::vector<std::string>& words) {
  for (const std::string& word : words)
    if (word.starts_with('-') && word != "-") refuse_option(place, word);
  if (!words.empty() && !place.commands.empty() && !place.secrets_are_read)
    refuse_command(place, words.front());
  if (words.empty() && !place.commands.empty())
    throw UsageError(place.language, texts::cli_usage_no_command, {place.command, joined(place.commands)});
  if (place.secrets_are_read)
    throw UsageError(place.language, texts::cli_usage_secret_as_word, {place.command});
  throw UsageError(place.language, texts::cli_usage_word_too_many, {place.command});
}

void refuse_values(const UsagePlace& place, const std::string& complaint, const std::string& kind) {
  // CLI11 names a flag with or without its dashes, by version; what stands behind the name may be a value.
  std::string name = complaint.substr(std::min(complaint.find_first_not_of('-'), complaint.size()));
  name.resize(std::min(name.size(), name.find_first_of(": ")));
  name.insert(0, name.size() == 1 ? "-" : "--");
  if (complaint.find("disallowed flag override") != std::string::npos)
    throw UsageError(
        place.language,
        names_standard_input(name) ? texts::cli_usage_value_to_standard_input : texts::cli_usage_no_value,
        {place.command, name});
  if (complaint.find("missing") != std::string::npos)
    throw UsageError(place.language, texts::cli_usage_value_missing, {place.command, name, kind});
  throw UsageError(place.language, texts::cli_usage_given_twice, {place.command, name});
}

void refuse_empty(const UsagePlace& place, const std::string& complaint, const std::string& kind) {
  if (complaint.ends_with(value_is_missing)) refuse_values(place, complaint, kind);
}

bool names_standard_input(const std::string& word) {
  return word.starts_with("--") && word.substr(0, word.find('=')).ends_with("-stdin");
}

std::string fingerprint_of(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    if (c == ':' || c == ' ') continue;
    const bool capital = c >= 'A' && c <= 'F';
    const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || capital;
    if (!digit)
      fail(Reason::usage_error,
           "--certificate: this is not a SHA-256 fingerprint: it has other characters than hexadecimal "
           "digits");
    digits.push_back(capital ? static_cast<char>(c - 'A' + 'a') : c);
  }
  if (digits.size() != sha256_digits)
    fail(Reason::usage_error, "--certificate: this has " + std::to_string(digits.size()) +
                                  " hexadecimal digits, and a SHA-256 fingerprint has " +
                                  std::to_string(sha256_digits));
  return digits;
}

}  // namespace koshin::cli
