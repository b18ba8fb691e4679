// SPDX-License-Identifier: MIT
// Starts workers, and waits for their ends as late as possible.
#include "cli/workers.hpp"

#include <chrono>
#include <exception>
#include <string>
#include <utility>

#include "cli/worker_log.hpp"
#include "foundation/jobs/job_runner.hpp"
#include "foundation/jobs/worker_start.hpp"

namespace koshin::cli {

Workers::~Workers() {
  if (!last_) return;
  try {
    // A worker closes its output when it has finished.
    const auto until = std::chrono::steady_clock::now() + time_after_last_word;
    auto result = ChildProcess::Read::line;
    for (std::string line; result == ChildProcess::Read::line;) result = last_->read_line(line, until);
    if (result == ChildProcess::Read::end) last_->abandon();
  } catch (const std::exception&) {  // it is killed instead
    return;
  }
}

std::unique_ptr<ChildProcess> Workers::start() {
  wait_for_last();
  const WorkerLog log;
  return start_worker();
}

void Workers::leave(std::unique_ptr<ChildProcess> worker) {
  wait_for_last();
  last_ = std::move(worker);
}

void Workers::wait_for_last() noexcept {
  if (!last_) return;
  try {
    (void)last_->wait_until(std::chrono::steady_clock::now() + time_after_last_word);
  } catch (const std::exception&) {  // it is killed below
  }
  last_.reset();
}

}  // namespace koshin::cli
