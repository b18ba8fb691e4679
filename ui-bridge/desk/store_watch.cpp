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
  // Used by the context's thread alone:
  Told told;  ///< empty once nothing is known
  bool answered = false;
};

namespace {

using Finding = std::optional<renewal::StoreFinding>;

/// After a store that could not be read nothing more is told.
template <typename SharedLook>
void tell(const SharedLook& look, const Finding& found) {
  look->answered = true;
  const auto told = found ? look->told : std::exchange(look->told, {});
  if (told) told(found);
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

/// Looks until a browser can offer the certificate, `longest` has passed or nobody listens any more.
template <typename SharedLook>
renewal::StoreFinding look_for(const SharedLook& look, const std::function<renewal::StoreFinding()>& read,
                               std::chrono::milliseconds longest, std::chrono::milliseconds between_looks) {
  const auto until = steady_clock::now() + longest;
  renewal::StoreFinding found = read();
  while (!found.can_be_offered() && steady_clock::now() < until && wait(look, between_looks)) found = read();
  return found;
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
        if (!error && !look->answered) tell(look, {});
      });
  const auto watch = [look, query = std::move(query), read = read_, times = times_] {
    const auto find = [&] { return renewal::find_in_store(read(), query, current_time()); };
    bool answered = false;
    try {
      const auto found = look_for(look, find, times.longest, times.between_looks);
      answered = true;
      deliver(look, found);
      if (found.can_be_offered() || !wait(look, times.between_later_looks)) return;
      const auto later = look_for(look, find, times.longest_later, times.between_later_looks);
      if (later.can_be_offered()) deliver(look, later);
    } catch (const std::exception& error) {
      log::warning(log::Event::none, "the store with the user's certificates could not be read",
                   {{"KOSHIN_DETAIL", error.what()}});
      if (!answered) deliver(look, {});
    }
  };
  try {
    start_detached_thread(watch);
  } catch (const std::system_error&) {  // no thread to give
    deliver(look, {});
  }
}

}  // namespace koshin::ui
