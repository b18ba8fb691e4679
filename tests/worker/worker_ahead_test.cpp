// SPDX-License-Identifier: MIT
// A worker that is started ahead of its job.
#include "foundation/jobs/worker_ahead.hpp"

#include <gtest/gtest.h>

#include "foundation/jobs/job_runner.hpp"

namespace koshin {
namespace {

using namespace std::chrono_literals;

TEST(WorkerAhead, IsHandedOutOnceAndTakesAJob) {
  WorkerAhead ahead;
  ahead.prepare();
  ahead.prepare();
  const auto worker = ahead.take();
  ASSERT_NE(worker, nullptr);
  EXPECT_EQ(ahead.take(), nullptr);
  messages::Job job;
  job.settings_file = "/nonexistent/koshin.toml";
  const auto last = run_job_in(
      *worker, job, {}, [](const messages::Event&) {}, 30s);
  const auto* failure = std::get_if<Failure>(&last);
  ASSERT_NE(failure, nullptr);
  EXPECT_EQ(failure->reason, Reason::settings_invalid);
  EXPECT_TRUE(worker->wait_until(std::chrono::steady_clock::now() + time_after_last_word));
}

TEST(WorkerAhead, WithoutPreparationThereIsNone) {
  EXPECT_EQ(WorkerAhead().take(), nullptr);
}

}  // namespace
}  // namespace koshin
