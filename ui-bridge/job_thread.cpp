// SPDX-License-Identifier: MIT
// Runs a job of the worker in a thread of its own, in a process that is there already if it was foreseen.
#include "job_thread.hpp"

#include <string>
#include <system_error>
#include <utility>

#include "foundation/failure.hpp"
#include "foundation/job_runner.hpp"
#include "foundation/paths.hpp"

namespace koshin::ui {

namespace {

using std::chrono::steady_clock;

/// A worker that is not told its job gives up after 30 s; one that is about to must not be handed one.
constexpr std::chrono::seconds longest_wait{20};

/// For what a worker does after its last word.
constexpr std::chrono::seconds time_to_end{5};

std::vector<const SecureBuffer*> pointers(const std::vector<SecureBuffer>& secrets) {
  std::vector<const SecureBuffer*> result;
  result.reserve(secrets.size());
  for (const SecureBuffer& secret : secrets) result.push_back(&secret);
  return result;
}

}  // namespace

JobThread::JobThread(std::function<void(messages::Event)> deliver) : deliver_(std::move(deliver)) {}

JobThread::~JobThread() {
  stop();
  if (thread_.joinable()) thread_.join();
}

void JobThread::stop() {
  stop_.request_stop();
}

void JobThread::prepare() {
  if (prepared_ && steady_clock::now() - prepared_at_ < longest_wait) return;
  try {
    prepared_ = ChildProcess::start(paths::program("koshin-worker"), {});
    prepared_at_ = steady_clock::now();
  } catch (const FailureError&) {
    prepared_.reset();  // the job itself will fail alike, and say so
  }
}

std::unique_ptr<ChildProcess> JobThread::take_prepared() {
  auto worker = std::move(prepared_);
  const auto now = steady_clock::now();
  const bool usable = worker && now - prepared_at_ < longest_wait && !worker->wait_until(now);
  return usable ? std::move(worker) : nullptr;
}

void JobThread::start(messages::Job job, std::vector<SecureBuffer> secrets, std::chrono::seconds deadline) {
  if (thread_.joinable()) thread_.join();
  stop_ = {};
  try {
    thread_ = std::thread([deliver = deliver_, job = std::move(job), secrets = std::move(secrets), deadline,
                           worker = take_prepared(), stop = stop_.get_token()]() mutable {
      messages::Event last = run_guarded([&] {
        if (!worker) worker = ChildProcess::start(paths::program("koshin-worker"), {});
        return run_job_in(*worker, job, pointers(secrets), deliver, deadline, stop);
      });
      secrets.clear();
      deliver(std::move(last));
      // Nobody has to watch while the worker finalizes its modules; the next job waits for it.
      if (worker) (void)worker->wait_until(steady_clock::now() + time_to_end);
    });
  } catch (const std::system_error& error) {
    deliver_(Failure{Reason::worker_failed, std::string("no thread for the job: ") + error.what(), {}});
  }
}

}  // namespace koshin::ui
