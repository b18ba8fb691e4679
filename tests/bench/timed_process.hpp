// SPDX-License-Identifier: MIT
// Runs a program from start to end and takes the time, with as little of our own in between as can be.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace koshin::bench {

struct Ended {
  std::chrono::duration<double, std::milli> time{};
  int exit_code = -1;
};

/// `input` (less than a pipe holds, 64 KiB) is its stdin, `output` takes stdout and stderr. From posix_spawn
/// to wait.
Ended run_timed(const std::vector<std::string>& command, const std::string& input,
                const std::filesystem::path& output, const std::filesystem::path& directory = {});
/// The same, and the end of the output in the exception when the program does not exit with 0.
std::chrono::duration<double, std::milli> must_run(const std::vector<std::string>& command,
                                                   const std::string& input,
                                                   const std::filesystem::path& output,
                                                   const std::filesystem::path& directory = {});

}  // namespace koshin::bench
