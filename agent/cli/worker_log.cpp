// SPDX-License-Identifier: MIT
// Redirects standard error to a file and restores it.
#include "cli/worker_log.hpp"

#include <cstdio>
#include <exception>

#include "foundation/log/log_file.hpp"
#include "foundation/system/standard_streams.hpp"

namespace koshin::cli {

WorkerLog::WorkerLog() {
  if (leads_to_socket(StandardStream::error)) return;
  std::fflush(stderr);
  standard_error_ = keep_own(StandardStream::error);
  if (const Handle log = log::open_log_file()) {
    lead_to(log.get(), StandardStream::error);
  } else {
    lead_nowhere(StandardStream::error);
  }
}

WorkerLog::~WorkerLog() {
  try {
    if (standard_error_) lead_to(standard_error_.get(), StandardStream::error);
  } catch (const std::exception&) {  // there is nowhere left to say it
  }
}

}  // namespace koshin::cli
