// SPDX-License-Identifier: MIT
// Whether the running agent sleeps.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "agent_stage.hpp"

namespace koshin::test {

/// What the kernel counts of a process's threads.
struct Threads {
  long count = 0, wakeups = 0;
};
inline Threads threads_of(long process) {
  Threads threads;
  std::error_code gone;
  for (const auto& thread :
       std::filesystem::directory_iterator("/proc/" + std::to_string(process) + "/task", gone)) {
    std::ifstream status(thread.path() / "status");
    ++threads.count;
    for (std::string word; status >> word;) {
      long number = 0;
      if (word == "voluntary_ctxt_switches:" && status >> number) threads.wakeups += number;
    }
  }
  return threads;
}

/// The loop and the card watch; a worker's thread ends soon after its answer.
inline void expect_idle(long process) {
  constexpr long loop_and_watch = 2;
  const auto until = std::chrono::steady_clock::now() + patience;
  while (threads_of(process).count != loop_and_watch && std::chrono::steady_clock::now() < until)
    usleep(20'000);
  EXPECT_EQ(threads_of(process).count, loop_and_watch);
  // A late end of something before is no wake-up of an idle agent; what comes again and again is.
  long before = -1;
  while (before != threads_of(process).wakeups && std::chrono::steady_clock::now() < until) {
    before = threads_of(process).wakeups;
    usleep(3'000'000);
  }
  EXPECT_EQ(threads_of(process).wakeups, before) << "something wakes the idle agent";
}

}  // namespace koshin::test
