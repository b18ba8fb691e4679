// SPDX-License-Identifier: MIT
// Redirects standard error to a file and restores it.
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "cli/worker_log.hpp"
#include "foundation/log/log_file.hpp"
#include "foundation/system/standard_streams.hpp"

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
  standard_error_ = keep_own(StandardStream::error);
  if (const Handle log = log::open_log_file()) {
    lead_to(log.get(), StandardStream::error);
  } else {
    lead_nowhere(StandardStream::error);
  }
}

WorkerLog::~WorkerLog() {
  if (standard_error_) ::dup2(standard_error_.get(), STDERR_FILENO);
}

}  // namespace koshin::cli
