// SPDX-License-Identifier: MIT
// What a check needs beside the token: a folder of its own, a stand-in bank, and settings that name both.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "module_check/arguments.hpp"
#include "module_check/look.hpp"

namespace koshin::module_check {

/// The folder is STATE/module-check/TOKEN and outlives a check that left something on the token: it tells the
/// next one what was made. With this object the state of koshin's jobs (journal, log) is kept in it, too.
class Stage {
 public:
  /// Makes or finds the folder of this token. Throws FailureError{token_busy} where another check of the
  /// token runs or another of the user's programs works on it, {journal_unusable} where the folder cannot be
  /// used. At most one object in a process: it sets XDG_STATE_HOME.
  Stage(const CheckArguments& arguments, const TokenFacts& token);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  std::filesystem::path settings_file() const;
  /// The user ID that this run's certificates are for.
  const std::string& user() const { return user_; }
  std::string reissue_code();
  /// What the bank issues from now on is valid for so many days.
  void set_validity(int days);
  /// The next certificate is issued, and its answer is not sent.
  void lose_next_answer();
  std::size_t issued() const;
  /// SHA-256 of every certificate that this check's authority has issued, in this run and in earlier ones
  /// that left something behind.
  std::vector<std::string> all_issued() const;
  /// Written before the check tries a wrong PIN, and durable: until the right one was entered the token's
  /// "a wrong PIN was entered" is the check's own doing.
  void begin_wrong_pin();
  void end_wrong_pin();
  bool owes_right_pin() const;
  /// Nothing of the check is on the token any more: removes the folder at the end.
  void forget() { clean_ = true; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  struct Parts;
  std::filesystem::path folder_;
  std::string user_, common_name_;
  bool clean_ = false;
  std::unique_ptr<Parts> parts_;
};

}  // namespace koshin::module_check
