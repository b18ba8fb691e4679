// SPDX-License-Identifier: MIT
// /proc.
#include <filesystem>
#include <fstream>
#include <string>

#include "agent_process_figures.hpp"

namespace koshin::bench {
namespace {

std::int64_t number_after(const std::filesystem::path& file, const std::string& name) {
  std::ifstream stream(file);
  std::string word;
  std::int64_t number = 0;
  while (stream >> word) {
    if (word == name && stream >> number) return number;
  }
  return 0;
}

}  // namespace

ProcessFigures figures_of(pid_t process) {
  const std::filesystem::path folder = "/proc/" + std::to_string(process);
  ProcessFigures figures;
  figures.pss_kib = number_after(folder / "smaps_rollup", "Pss:");
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator(folder / "task", error)) {
    figures.wakeups += number_after(task.path() / "status", "voluntary_ctxt_switches:");
    ++figures.threads;
  }
  return figures;
}

}  // namespace koshin::bench
