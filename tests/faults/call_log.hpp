// SPDX-License-Identifier: MIT
// What a worker asked of the token, as the fault module wrote it down.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace koshin::faults {

/// The log of one run. Lines: "call C_Login", "real C_Login" (handed to the real module), "rv C_Login 0",
/// "struck C_Login", "took C_Login 3e8" (microseconds, in hexadecimal).
class CallLog {
 public:
  explicit CallLog(const std::filesystem::path& file);
  /// Calls that arrived; of `function`, or all.
  unsigned calls(const std::string& function = "") const { return count("call", function); }
  /// Calls that the real module saw.
  unsigned real(const std::string& function) const { return count("real", function); }
  /// Lines of another kind.
  unsigned times(const std::string& what, const std::string& function) const { return count(what, function); }
  /// The longest call of the function, as far as the real module is concerned.
  std::chrono::microseconds longest(const std::string& function) const;
  bool struck() const { return count("struck", "") > 0; }
  /// The name of the n-th call, from 1.
  std::string name(unsigned number) const;

 private:
  struct Line {
    std::string what, function;
    unsigned long number = 0;  ///< CK_RV, or microseconds
  };
  unsigned count(const std::string& what, const std::string& function) const;
  std::vector<Line> lines_;
};

}  // namespace koshin::faults
