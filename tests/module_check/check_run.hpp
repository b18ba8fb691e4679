// SPDX-License-Identifier: MIT
// One run of the real koshin-module-check, and its report.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/program_run.hpp"

namespace koshin::test {

using Json = nlohmann::json;

struct CheckRun {
  RunResult result;
  Json report;  ///< null where none was written
  std::string in_words() const { return result.out + result.err + report.dump(2); }
  /// "passed", "failed", "skipped"; empty where the report does not have the check.
  std::string outcome(const std::string& check) const;
  /// Of a failed check; empty for others.
  std::string reason(const std::string& check) const;
};

/// A file that its owner alone can read.
std::filesystem::path write_secret(const std::filesystem::path& file, const std::string& secret);

/// Runs it with --json into `directory`, and with what `arguments` say.
CheckRun run_check(const std::filesystem::path& directory, std::vector<std::string> arguments);
/// The report that a run has written into `directory`.
Json report_in(const std::filesystem::path& directory);

}  // namespace koshin::test
