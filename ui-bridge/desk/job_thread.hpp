// SPDX-License-Identifier: MIT
// Runs one worker job at a time, outside the event loop.
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
  /// Requests the job to stop, and waits for its end.
  ~JobThread();
  JobThread(const JobThread&) = delete;
  JobThread& operator=(const JobThread&) = delete;

  /// Waits for an earlier job, which has ended, been stopped or been let go. `deliver` is called in the job's
  /// thread, for every event and the final one. The secrets are wiped when the job has ended.
  void start(messages::Job job, std::vector<SecureBuffer> secrets, std::chrono::seconds deadline,
             std::function<void(messages::Event)> deliver);
  /// Continues a job that is ready (messages::ReadyEvent).
  void go();
  /// Ends a job that is ready, without changes.
  void let_go();
  void stop();

 private:
  std::shared_ptr<ChildProcess> worker_;
  std::stop_source stop_;
  std::thread thread_;
};

}  // namespace koshin::ui
