// SPDX-License-Identifier: MIT
// The report of a check: lines for the person as they come, and a JSON document (docs/module-check.md).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/console.hpp"
#include "foundation/failures/failure.hpp"
#include "module_check/arguments.hpp"
#include "module_check/check_rows.hpp"
#include "module_check/look.hpp"
#include "module_check/redaction_of_report.hpp"

namespace koshin::module_check {

enum class Outcome { passed, failed, skipped };

struct CheckResult {
  Check check{};
  Outcome outcome = Outcome::skipped;
  std::chrono::milliseconds duration{0};
  std::optional<Failure> failure{};  ///< of a failed check
  std::vector<std::string> notes{};  ///< English, for whoever reads the report
};

class Report {
 public:
  explicit Report(const cli::Console& console) : console_(console) {}

  ReportRedaction& redaction() { return redaction_; }
  void set_module(std::string file, ModuleFacts module, std::size_t tokens);
  void set_token(TokenFacts token) { token_ = std::move(token); }
  /// Takes a result and shows its line.
  void add(CheckResult result);
  /// An object that the check has made and that is still on the token.
  void add_left(ObjectFacts object) { left_.push_back(std::move(object)); }
  /// Every check that was not reported is skipped, from now on.
  void skip_rest();
  bool failed(Check check) const;
  bool passed(Check check) const;
  /// No check failed, and those that a module must pass were run.
  bool all_passed() const;
  const std::vector<ObjectFacts>& left() const { return left_; }
  void show_summary() const;
  /// Throws FailureError{output_lost} when the file cannot be written.
  void write_json(const std::string& file, bool with_serial) const;

 private:
  const CheckResult* find(Check check) const;
  void show(const CheckResult& result) const;
  std::string json(bool with_serial) const;

  const cli::Console& console_;
  ReportRedaction redaction_;
  std::string module_file_;
  ModuleFacts module_;
  std::size_t tokens_ = 0;
  TokenFacts token_;
  std::vector<CheckResult> results_;
  std::vector<ObjectFacts> left_;
};

}  // namespace koshin::module_check
