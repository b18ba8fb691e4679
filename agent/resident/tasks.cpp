// SPDX-License-Identifier: MIT
// Threads that end with their work.
#include "resident/tasks.hpp"

#include <system_error>
#include <utility>

#include "foundation/log/log.hpp"

namespace koshin::resident {

Tasks::~Tasks() {
  stop_all();
}

bool Tasks::start(std::function<void(std::stop_token)> work) {
  const auto place = threads_->emplace(threads_->end());
  const std::weak_ptr<Threads> threads = threads_;
  try {
    *place = std::jthread([post = post_, threads, place, work = std::move(work)](std::stop_token stop) {
      work(std::move(stop));
      post([threads, place] {
        if (const auto alive = threads.lock()) alive->erase(place);
      });
    });
    return true;
  } catch (const std::system_error& error) {
    threads_->erase(place);
    log::error(log::Event::none, "The system has no thread to give.", {{"KOSHIN_DETAIL", error.what()}});
    return false;
  }
}

void Tasks::stop_all() {
  for (std::jthread& thread : *threads_) thread.request_stop();
  for (std::jthread& thread : *threads_) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace koshin::resident
