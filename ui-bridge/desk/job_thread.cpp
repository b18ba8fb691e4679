// SPDX-License-Identifier: MIT
// Runs a worker's job in a separate thread.
#include "job_thread.hpp"

#include <string>
#include <system_error>
#include <utility>

#include "desk_check/collect.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/jobs/job_runner.hpp"
#include "foundation/jobs/worker_start.hpp"
#include "renewal/policy/doctor_words.hpp"

namespace koshin::ui {

namespace {

std::vector<const SecureBuffer*> pointers(const std::vector<SecureBuffer>& secrets) {
  std::vector<const SecureBuffer*> result;
  result.reserve(secrets.size());
  for (const SecureBuffer& secret : secrets) result.push_back(&secret);
  return result;
}

/// What the worker has found, and what koshin-desk-check sees of the computer and its desktop. A worker that
/// has failed is one of the results: the rest is seen all the same.
messages::Event with_desk(messages::Event found, const std::string& settings_file,
                          const std::stop_token& stop) {
  messages::DoctorResult all;
  if (auto* result = std::get_if<messages::DoctorResult>(&found)) all = std::move(*result);
  if (const auto* failure = std::get_if<Failure>(&found)) {
    messages::DoctorResult::Check check;
    check.id = to_string(renewal::Examined::token);
    check.status = "failed";
    check.reason = failure->reason;
    check.values = {failure->detail};
    all.checks.push_back(std::move(check));
  }
  const auto desk = desk_check::examine({settings_file, false}, [&] {
    if (stop.stop_requested()) fail(Reason::interrupted, "the look at the computer was stopped");
  });
  all.checks.insert(all.checks.end(), desk.checks.begin(), desk.checks.end());
  return all;
}

}  // namespace

JobThread::~JobThread() {
  let_go();
  if (thread_.joinable()) thread_.join();
}

void JobThread::stop() {
  stop_.request_stop();
}

void JobThread::start(messages::Job job, std::vector<SecureBuffer> secrets, std::chrono::seconds deadline,
                      std::function<void(messages::Event)> deliver) {
  if (thread_.joinable()) thread_.join();
  stop_ = {};
  try {
    worker_ = start_worker();
    thread_ = std::thread([deliver, job = std::move(job), secrets = std::move(secrets), deadline,
                           worker = worker_, stop = stop_.get_token()]() mutable {
      const auto on_event = [&](messages::Event event) {
        secrets.clear();  // a worker that sends an event has read its secrets
        deliver(std::move(event));
      };
      messages::Event last =
          run_guarded([&] { return run_job_in(*worker, job, pointers(secrets), on_event, deadline, stop); });
      secrets.clear();
      if (job.kind == messages::JobKind::doctor)
        last = run_guarded([&] { return with_desk(std::move(last), job.settings_file, stop); });
      deliver(std::move(last));
      // The worker finalizes its modules in the background; the next job waits for it.
      if (!worker->wait_until(std::chrono::steady_clock::now() + time_after_last_word)) worker->kill();
    });
  } catch (const FailureError& error) {
    deliver(error.failure());
  } catch (const std::system_error& error) {
    deliver(Failure{Reason::worker_failed, std::string("no thread for the job: ") + error.what(), {}});
  }
}

void JobThread::go() {
  try {
    if (worker_) worker_->write(std::string(messages::go_line) + '\n');
  } catch (const FailureError&) {
    worker_->close_stdin();  // the job's final event says why it stopped reading
  }
}

void JobThread::let_go() {
  if (worker_) worker_->close_stdin();
  stop();  // for a worker that ignores the end of its input
}

}  // namespace koshin::ui
