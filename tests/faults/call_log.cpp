// SPDX-License-Identifier: MIT
// Reading the log back.
#include "faults/call_log.hpp"

#include <algorithm>
#include <fstream>

namespace koshin::faults {

CallLog::CallLog(const std::filesystem::path& file) {
  std::ifstream in(file);
  Line line;
  while (in >> line.what >> line.function >> std::hex >> line.number) lines_.push_back(line);
}

unsigned CallLog::count(const std::string& what, const std::string& function) const {
  return static_cast<unsigned>(std::count_if(lines_.begin(), lines_.end(), [&](const Line& line) {
    return line.what == what && (function.empty() || line.function == function);
  }));
}

std::chrono::microseconds CallLog::longest(const std::string& function) const {
  unsigned long longest = 0;
  for (const auto& line : lines_)
    if (line.what == "took" && line.function == function) longest = std::max(longest, line.number);
  return std::chrono::microseconds(longest);
}

std::string CallLog::name(unsigned number) const {
  for (const auto& line : lines_) {
    if (line.what == "call" && --number == 0) return line.function;
  }
  return "?";
}

}  // namespace koshin::faults
