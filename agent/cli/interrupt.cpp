// SPDX-License-Identifier: MIT
// A request to end sets off a wake-up that nobody clears, so every wait for it sees it.
#include "cli/interrupt.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include "cli/requests_to_end.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/pipe.hpp"

namespace koshin::cli {

struct Interrupt::Parts {
  WakeUp wake;
  std::stop_source source;
  std::atomic<bool> ending{false};
  std::thread watcher;
  std::optional<RequestsToEnd> requests;

  void watch() {
    while (!wait_until_readable(wake.handle(), std::chrono::hours{1})) {
    }
    if (!ending) source.request_stop();
  }
};

Interrupt::Interrupt() : parts_(std::make_unique<Parts>()) {
  parts_->watcher = std::thread([parts = parts_.get()] { parts->watch(); });
  parts_->requests.emplace(parts_->wake);
}

Interrupt::~Interrupt() {
  parts_->requests.reset();
  parts_->ending = true;
  parts_->wake.set_off();
  parts_->watcher.join();
}

std::stop_token Interrupt::token() const {
  return parts_->source.get_token();
}

NativeHandle Interrupt::handle() const {
  return parts_->wake.handle();
}

void Interrupt::check() const {
  if (wait_until_readable(parts_->wake.handle(), std::chrono::milliseconds{0}))
    fail(Reason::interrupted, "a stop was asked for");
}

}  // namespace koshin::cli
