// SPDX-License-Identifier: MIT
// Whether a process that is nobody's child here has ended.
#pragma once

#include <chrono>
#include <fstream>
#include <string>
#include <thread>

namespace koshin::test {

/// Gone, or dead and waiting for a parent that does not care (as in a container whose first process reaps
/// nothing).
inline bool is_over(long pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(stat, text)) return true;
  const auto state = text.find_last_of(')') + 2;
  return text.at(state) == 'Z' || text.at(state) == 'X';
}

/// Within a minute.
inline bool ends(long pid) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  for (; std::chrono::steady_clock::now() < until;
       std::this_thread::sleep_for(std::chrono::milliseconds(10))) {
    if (is_over(pid)) return true;
  }
  return false;
}

}  // namespace koshin::test
