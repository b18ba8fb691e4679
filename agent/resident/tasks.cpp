// SPDX-License-Identifier: MIT
// Threads that end with their work.
#include "resident/tasks.hpp"

#include <utility>

namespace koshin::resident {

Tasks::~Tasks() {
  stop_all();
}

void Tasks::start(std::function<void(std::stop_token)> work) {
  const auto place = threads_->emplace(threads_->end());
  const std::weak_ptr<Threads> threads = threads_;
  *place = std::jthread([post = post_, threads, place, work = std::move(work)](std::stop_token stop) {
    work(std::move(stop));
    post([threads, place] {
      if (const auto alive = threads.lock()) alive->erase(place);
    });
  });
}

void Tasks::stop_all() {
  for (std::jthread& thread : *threads_) thread.request_stop();
  for (std::jthread& thread : *threads_) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace koshin::resident
