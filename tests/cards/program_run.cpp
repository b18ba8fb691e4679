// SPDX-License-Identifier: MIT
#include "program_run.hpp"

#include <chrono>
#include <filesystem>

#include "foundation/failures/failure.hpp"
#include "foundation/system/child_process.hpp"

namespace koshin::cards {

ProgramRun run_program(const std::vector<std::string>& command, const std::string& input) {
  constexpr std::chrono::minutes limit{2};
  const auto until = std::chrono::steady_clock::now() + limit;
  std::vector<std::string> arguments{"-c", "exec \"$@\" 2>&1", "sh"};
  arguments.insert(arguments.end(), command.begin(), command.end());
  const auto child = ChildProcess::start("/bin/sh", arguments);
  try {
    child->write({input.data(), input.size()});
  } catch (const FailureError&) {  // NOLINT(bugprone-empty-catch): it has ended without reading
  }
  child->close_stdin();
  ProgramRun run;
  std::string line;
  while (child->read_line(line, until) == ChildProcess::Read::line) run.output += line + "\n";
  const auto ended = child->wait_until(until);
  if (ended && !ended->crashed) run.code = ended->code;
  return run;
}

std::string missing_program(const std::vector<std::string>& names) {
  for (const auto& name : names) {
    if (run_program({"sh", "-c", "command -v \"$0\"", name}).code != 0)
      return "SKIPPED: " + name + " is not installed";
  }
  return {};
}

}  // namespace koshin::cards
