// SPDX-License-Identifier: MIT
// Each look has a thread of its own, which nobody waits for: a provider of the store may hang.
#include "store_watch.hpp"

#include <boost/asio/post.hpp>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <utility>

#include "foundation/base/clock.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/detached_thread.hpp"

namespace koshin::ui {

using std::chrono::steady_clock;

/// What the thread and the application share.
struct StoreWatch::Look {
  std::mutex mutex;
  std::condition_variable ended;
  boost::asio::io_context* context;  ///< null once nobody listens
  Told told;                         ///< used by the context's thread alone; empty once it was called
};

namespace {

using Finding = std::optional<renewal::StoreFinding>;

/// Calls `told`, the first time.
template <typename SharedLook>
void tell(const SharedLook& look, const Finding& found) {
  if (const auto told = std::exchange(look->told, {})) told(found);
}

template <typename SharedLook>
void deliver(const SharedLook& look, Finding found) {
  const std::lock_guard lock(look->mutex);
  if (look->context == nullptr) return;
  boost::asio::post(*look->context, [look, found = std::move(found)] { tell(look, found); });
}

/// False when nobody listens any more.
template <typename SharedLook>
bool wait(const SharedLook& look, std::chrono::milliseconds time) {
  std::unique_lock lock(look->mutex);
  return !look->ended.wait_for(lock, time, [&] { return look->context == nullptr; });
}

}  // namespace

StoreWatch::~StoreWatch() {
  for (const auto& look : looks_) {
    const std::lock_guard lock(look->mutex);
    look->context = nullptr;
    look->ended.notify_all();
  }
}

void StoreWatch::look(renewal::StoreQuery query, Told told) {
  const auto look = std::make_shared<Look>();
  look->context = &context_;
  look->told = std::move(told);
  looks_.push_back(look);
  limits_.emplace_back(context_, times_.longest + times_.reading_hangs)
      .async_wait([look](const boost::system::error_code& error) {
        if (!error) tell(look, {});
      });
  const auto watch = [look, query = std::move(query), read = read_, times = times_] {
    try {
      const auto until = steady_clock::now() + times.longest;
      Finding found;
      do {
        found = renewal::find_in_store(read(), query, current_time());
      } while (!found->has_it && steady_clock::now() < until && wait(look, times.between_looks));
      deliver(look, std::move(found));
    } catch (const std::exception& error) {
      log::warning(log::Event::none, "the store with the user's certificates could not be read",
                   {{"KOSHIN_DETAIL", error.what()}});
      deliver(look, {});
    }
  };
  try {
    start_detached_thread(watch);
  } catch (const std::system_error&) {  // no thread to give
    deliver(look, {});
  }
}

}  // namespace koshin::ui
