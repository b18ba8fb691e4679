// SPDX-License-Identifier: MIT
// A limit for work that the system gives no way to end.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "foundation/system/detached_thread.hpp"

namespace koshin {

/// The result of `work`, which may hang, when it comes within `limit`; else it goes on in a thread that
/// nobody waits for. `work` owns what it uses. What it throws is thrown here.
template <typename Result>
std::optional<Result> within(std::chrono::milliseconds limit, std::function<Result()> work) {
  auto promise = std::make_shared<std::promise<Result>>();
  auto result = promise->get_future();
  start_detached_thread([promise, work = std::move(work)] {
    try {
      promise->set_value(work());
    } catch (...) {
      promise->set_exception(std::current_exception());
    }
  });
  if (result.wait_for(limit) != std::future_status::ready) return {};
  return result.get();
}

}  // namespace koshin
