// SPDX-License-Identifier: MIT
// A program of this machine that nobody here wrote, run to its end.
#pragma once

#include <string>
#include <vector>

namespace koshin::cards {

struct ProgramRun {
  int code = -1;       ///< its exit code; -1: it crashed, or was ended after two minutes
  std::string output;  ///< stdout and stderr, in the order of their lines
  bool says(const std::string& words) const { return output.find(words) != std::string::npos; }
};

/// `command`: the program's name, looked for in PATH, and its arguments. `input` is its standard input.
ProgramRun run_program(const std::vector<std::string>& command, const std::string& input = {});

/// Why these programs cannot be run: "SKIPPED: …" with the first that is not there; empty when all are.
std::string missing_program(const std::vector<std::string>& names);

}  // namespace koshin::cards
