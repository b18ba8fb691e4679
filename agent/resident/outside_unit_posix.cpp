// SPDX-License-Identifier: MIT
// Under systemd, by the user's service manager; without one the agent is confined by no unit.
#include "resident/outside_unit.hpp"

#include <unistd.h>

#include <cstdlib>

namespace koshin::resident {
namespace {

constexpr char launcher[] = "/usr/bin/systemd-run";

/// systemd sets it to the process it started for the unit: a terminal below it inherits the variable, not the
/// number.
bool is_systemd_unit() {
  const char* self = std::getenv("SYSTEMD_EXEC_PID");
  return self != nullptr && std::to_string(getpid()) == self && access(launcher, X_OK) == 0;
}

}  // namespace

std::vector<std::string> outside_unit(const std::string& description,
                                      const std::vector<std::string>& properties) {
  if (!is_systemd_unit()) return {};
  std::vector<std::string> words{launcher,
                                 "--user",
                                 "--pipe",
                                 "--wait",
                                 "--quiet",
                                 "--collect",
                                 "--description=" + description,
                                 "--property=BindsTo=koshin-agent.service",
                                 "--property=After=koshin-agent.service"};
  for (const std::string& property : properties) words.push_back("--property=" + property);
  words.emplace_back("--");
  return words;
}

}  // namespace koshin::resident
