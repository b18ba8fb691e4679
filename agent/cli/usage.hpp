// SPDX-License-Identifier: MIT
// What is wrong with a command line, in words that help and that repeat no value: a PIN may have been written
// where it does not belong.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "cli/texts.hpp"
#include "foundation/failures/failure.hpp"

namespace koshin::cli {

/// Failure{usage_error} whose detail, an English sentence, is also there in the language of the person.
class UsageError : public FailureError {
 public:
  UsageError(Language language, const Text& text, std::initializer_list<std::string_view> values);
  const std::string& in_words() const noexcept { return in_words_; }

 private:
  std::string in_words_;
};

/// Of a command that asks and has no terminal to ask at.
inline constexpr Text nobody_to_ask{
    "{0}: this command asks before it deletes, and nobody can answer here: add --yes",
    "{0}: 削除の前に確認しますが、ここでは答えられる人がいません。--yes を付けてください"};

/// Where in the grammar something was not understood.
struct UsagePlace {
  Language language = Language::english;
  std::string command;                ///< "koshin renew"
  std::vector<std::string> commands;  ///< those that may stand here; empty once the command is known
  std::vector<std::string> options;   ///< "--pin-stdin"
  bool secrets_are_read = false;      ///< a word behind --pin-stdin may be a PIN
};

/// Throws UsageError for words that nothing in the grammar takes; empty: a command is missing.
[[noreturn]] void refuse_words(const UsagePlace& place, const std::vector<std::string>& words);
/// Throws UsageError for an option whose number of values is wrong, by CLI11's complaint. `kind` is what it
/// takes ("FILE").
[[noreturn]] void refuse_values(const UsagePlace& place, const std::string& complaint,
                                const std::string& kind);

/// True for "--pin-stdin" and its like.
bool names_standard_input(const std::string& word);
/// A SHA-256 fingerprint as programs print it: in capitals or not, with colons or blanks. As koshin writes
/// it. Throws FailureError{usage_error}.
std::string fingerprint_of(const std::string& text);

}  // namespace koshin::cli
