// SPDX-License-Identifier: MIT
// The agent's command line; packaging/man/koshin-agent.8 documents it.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace koshin::resident {

struct AgentArguments {
  std::filesystem::path settings_file;  ///< absolute; empty: the standard chain
  std::optional<std::chrono::seconds> exit_when_idle;
  std::optional<std::string> information;  ///< what --help or --version print
};

/// `words` without the program's name. Throws FailureError{usage_error}.
AgentArguments parse_agent_arguments(const std::vector<std::string>& words);

}  // namespace koshin::resident
