// SPDX-License-Identifier: MIT
// Standard error is exchanged for a file and back.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "cli/worker_log.hpp"
#include "foundation/paths.hpp"

namespace koshin::cli {
namespace {

constexpr std::uintmax_t largest_log = 1024 * 1024;

bool is_journal() {
  struct stat status = {};
  return ::fstat(STDERR_FILENO, &status) == 0 && S_ISSOCK(status.st_mode);
}

int open_log() {
  try {
    const auto file = paths::state_directory() / "koshin.log";
    std::error_code ignored;
    if (std::filesystem::file_size(file, ignored) > largest_log && !ignored)
      std::filesystem::rename(file, file.string() + ".1", ignored);
    return ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  } catch (const std::exception&) {
    return -1;
  }
}

}  // namespace

WorkerLog::WorkerLog() {
  if (is_journal()) return;
  int log = open_log();
  if (log < 0) log = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  std::fflush(stderr);
  standard_error_ = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (log >= 0 && standard_error_ >= 0) ::dup2(log, STDERR_FILENO);
  if (log >= 0) ::close(log);
}

WorkerLog::~WorkerLog() {
  if (standard_error_ < 0) return;
  ::dup2(standard_error_, STDERR_FILENO);
  ::close(standard_error_);
}

}  // namespace koshin::cli
