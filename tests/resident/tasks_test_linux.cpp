// SPDX-License-Identifier: MIT
// Threads that end with their work, and a system that has none to give.
#include <gtest/gtest.h>
#include <pthread.h>

#include <future>

#include "resident/tasks.hpp"

namespace koshin::resident {
namespace {

/// Threads get stacks of a size that no machine has, so that none can be started.
class NoThreads {
 public:
  NoThreads() {
    pthread_attr_init(&before_);
    pthread_getattr_default_np(&before_);
    pthread_attr_t huge;
    pthread_attr_init(&huge);
    pthread_attr_setstacksize(&huge, std::size_t{1} << 46U);
    pthread_setattr_default_np(&huge);
    pthread_attr_destroy(&huge);
  }
  ~NoThreads() {
    pthread_setattr_default_np(&before_);
    pthread_attr_destroy(&before_);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  pthread_attr_t before_{};
};

TEST(TasksTest, AnEndedTaskIsForgotten) {
  std::promise<std::function<void()>> posted;
  Tasks tasks([&](std::function<void()> end) { posted.set_value(std::move(end)); });
  EXPECT_TRUE(tasks.start([](const std::stop_token&) {}));
  EXPECT_FALSE(tasks.empty());
  posted.get_future().get()();
  EXPECT_TRUE(tasks.empty());
}

TEST(TasksTest, ASystemWithoutThreadsIsToldAndLeavesNothing) {
  Tasks tasks([](const std::function<void()>&) {});
  {
    const NoThreads now;
    EXPECT_FALSE(tasks.start([](const std::stop_token&) { ADD_FAILURE() << "it ran"; }));
  }
  EXPECT_TRUE(tasks.empty());
}

}  // namespace
}  // namespace koshin::resident
