// SPDX-License-Identifier: MIT
// Runs a job of the worker in a thread of its own.
#include "job_thread.hpp"

#include <utility>

#include "foundation/job_runner.hpp"

namespace koshin::ui {

namespace {

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

void JobThread::start(messages::Job job, std::vector<SecureBuffer> secrets, std::chrono::seconds deadline) {
  if (thread_.joinable()) thread_.join();
  stop_ = {};
  thread_ = std::thread([deliver = deliver_, job = std::move(job), secrets = std::move(secrets), deadline,
                         stop = stop_.get_token()]() mutable {
    messages::Event last = run_job(job, pointers(secrets), deliver, deadline, stop);
    secrets.clear();
    deliver(std::move(last));
  });
}

}  // namespace koshin::ui
