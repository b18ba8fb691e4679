// SPDX-License-Identifier: MIT
// Runs the real koshin: with pipes, or on a terminal of its own where somebody answers.
#pragma once

#include <string>
#include <vector>

namespace koshin::test {

struct RunResult {
  int exit_code = -1;
  std::string out, err;  ///< on a terminal everything is in `out`
};

/// What stands at the end of the screen, and what is typed then. "\x03" is Ctrl-C.
struct Answer {
  std::string prompt, typed;
};

/// With `input` on stdin and LC_ALL=C.UTF-8. Throws std::runtime_error after two minutes.
RunResult run_koshin(const std::vector<std::string>& arguments, const std::string& input = {});
/// Another program of ours, from the folder of koshin.
RunResult run_program(const std::string& name, const std::vector<std::string>& arguments);
/// A line of sh in which $koshin is the program, with `input` on stdin.
RunResult run_in_shell(const std::string& line, const std::string& input = {});
/// On a pseudo-terminal.
RunResult run_koshin_on_terminal(const std::vector<std::string>& arguments,
                                 const std::vector<Answer>& answers);
/// Another program of ours, on a pseudo-terminal.
RunResult run_program_on_terminal(const std::string& name, const std::vector<std::string>& arguments,
                                  const std::vector<Answer>& answers);

}  // namespace koshin::test
