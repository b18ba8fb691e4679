// SPDX-License-Identifier: MIT
// One worker job at a time, beside the event loop.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include "foundation/jobs/messages.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/system/child_process.hpp"

namespace koshin::ui {

class JobThread {
 public:
  JobThread() = default;
  /// Asks the job to stop, and waits for its end.
  ~JobThread();
  JobThread(const JobThread&) = delete;
  JobThread& operator=(const JobThread&) = delete;

  /// Waits for an earlier job, which is over, told to stop, or let go. `deliver` is called in the job's
  /// thread, for every event and the final one. The secrets are wiped when the job has ended.
  void start(messages::Job job, std::vector<SecureBuffer> secrets, std::chrono::seconds deadline,
             std::function<void(messages::Event)> deliver);
  /// To a job that has said that it is ready (messages::ReadyEvent): goes on.
  void go();
  /// To such a job: ends without having changed anything.
  void let_go();
  void stop();

 private:
  std::shared_ptr<ChildProcess> worker_;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace koshin::ui
