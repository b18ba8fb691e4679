// SPDX-License-Identifier: MIT
// Redirects standard error to a file and restores it.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "cli/worker_log.hpp"
#include "foundation/log/log_file.hpp"
#include "foundation/system/descriptor.hpp"

namespace koshin::cli {
namespace {

bool is_journal() {
  struct stat status = {};
  return ::fstat(STDERR_FILENO, &status) == 0 && S_ISSOCK(status.st_mode);
}

}  // namespace

WorkerLog::WorkerLog() {
  if (is_journal()) return;
  std::fflush(stderr);
  standard_error_ = keep_own(STDERR_FILENO);
  const int log = log::open_log_file();
  if (log < 0) {
    lead_nowhere(STDERR_FILENO, Direction::writing);
    return;
  }
  lead_to(log, STDERR_FILENO);
  ::close(log);
}

WorkerLog::~WorkerLog() {
  if (standard_error_ < 0) return;
  ::dup2(standard_error_, STDERR_FILENO);
  ::close(standard_error_);
}

}  // namespace koshin::cli
