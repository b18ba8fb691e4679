// SPDX-License-Identifier: MIT
// Starting a worker ahead of its job, and handing it over while it can be.
#include "foundation/jobs/worker_ahead.hpp"

#include <exception>

#include "foundation/jobs/worker_start.hpp"

namespace koshin {
namespace {

using std::chrono::steady_clock;

/// A worker that is not told its job gives up after 30 s; one that is about to must not be handed one.
constexpr std::chrono::seconds longest_wait{20};

}  // namespace

void WorkerAhead::prepare() noexcept {
  if (worker_ && steady_clock::now() - since_ < longest_wait) return;
  try {
    worker_ = start_worker(true);
    since_ = steady_clock::now();
  } catch (const std::exception&) {
    worker_.reset();
  }
}

std::unique_ptr<ChildProcess> WorkerAhead::for_job(messages::JobKind kind) {
  const bool for_authority = speaks_to_authority(kind);
  auto ahead = for_authority ? take() : nullptr;
  return ahead ? std::move(ahead) : start_worker(for_authority);
}

std::unique_ptr<ChildProcess> WorkerAhead::take() {
  auto worker = std::move(worker_);
  const auto now = steady_clock::now();
  const bool usable = worker && now - since_ < longest_wait && !worker->wait_until(now);
  return usable ? std::move(worker) : nullptr;
}

}  // namespace koshin
