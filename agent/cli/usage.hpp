// SPDX-License-Identifier: MIT
// Errors of the command line, in texts that repeat no value: a PIN may have been written in a wrong place.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "cli/texts.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::cli {

/// Failure{usage_error} whose English detail also exists in the person's language.
class UsageError : public FailureError {
 public:
  UsageError(Language language, const Text& text, std::initializer_list<std::string_view> values);
  const std::string& in_words() const noexcept { return in_words_; }

 private:
  std::string in_words_;
};

/// Where in the grammar something was not understood.
struct UsagePlace {
  Language language = Language::en;
  std::string command;                ///< "koshin renew"
  std::vector<std::string> commands;  ///< the possible commands; empty once the command is known
  std::vector<std::string> options;   ///< "--pin-stdin"
  bool secrets_are_read = false;      ///< a word after --pin-stdin may be a PIN
};

/// Throws UsageError for words that the grammar rejects; empty: a command is missing.
[[noreturn]] void refuse_words(const UsagePlace& place, const std::vector<std::string>& words);
/// Throws UsageError for an option with a wrong number of values, from CLI11's message. `kind`: the kind of
/// its value ("FILE").
[[noreturn]] void refuse_values(const UsagePlace& place, const std::string& complaint,
                                const std::string& kind);

/// Throws UsageError where CLI11's message is about an option whose value is empty (refuse_empty_value()).
void refuse_empty(const UsagePlace& place, const std::string& complaint, const std::string& kind);

/// Whether the word is an option such as "--pin-stdin".
bool names_standard_input(const std::string& word);
/// Normalizes a SHA-256 fingerprint (upper or lower case, with colons or blanks) to koshin's form. Throws
/// FailureError{usage_error}.
std::string fingerprint_of(const std::string& text);

}  // namespace koshin::cli
