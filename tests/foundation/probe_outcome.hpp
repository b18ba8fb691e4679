// SPDX-License-Identifier: MIT
// What the probe says, and how it ends.
#pragma once

#include <signal.h>  // SIGALRM

#include <string>

#include "foundation/system/child_process.hpp"

namespace koshin::test {

struct Outcome {
  std::string output;
  ExitStatus status;
};

inline Outcome probe(const std::string& thing) {
  const auto child = ChildProcess::start(PROBE, {thing});
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  Outcome outcome;
  std::string line;
  while (child->read_line(line, until) == ChildProcess::Read::line) outcome.output += line + '\n';
  outcome.status = child->wait_until(until).value_or(ExitStatus{true, SIGALRM});
  return outcome;
}

}  // namespace koshin::test
