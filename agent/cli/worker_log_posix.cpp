// SPDX-License-Identifier: MIT
// Standard error is exchanged for a file and back.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "cli/worker_log.hpp"
#include "foundation/log/log_file.hpp"

namespace koshin::cli {
namespace {

bool is_journal() {
  struct stat status = {};
  return ::fstat(STDERR_FILENO, &status) == 0 && S_ISSOCK(status.st_mode);
}

}  // namespace

WorkerLog::WorkerLog() {
  if (is_journal()) return;
  int log = log::open_log_file();
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
