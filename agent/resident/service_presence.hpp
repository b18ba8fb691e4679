// SPDX-License-Identifier: MIT
// Whether the smart card service is there to be connected to, and how to wait for it without asking again and
// again.
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "foundation/system/handle.hpp"

namespace koshin::resident {

class ServicePresence {
 public:
  /// The system's own: pcscd by its socket (pcsc::service_socket()), Windows' service by the event that it
  /// sets when it starts. `wake` ends a wait when readable.
  static std::unique_ptr<ServicePresence> watch(NativeHandle wake);
  virtual ~ServicePresence() = default;
  ServicePresence(const ServicePresence&) = delete;
  ServicePresence& operator=(const ServicePresence&) = delete;

  /// Until the service appears anew or, if it is there all the time, until `pause_ends`. False when woken.
  virtual bool wait_for_service(std::chrono::steady_clock::time_point pause_ends) = 0;

 protected:
  ServicePresence() = default;
};

/// How long to leave a service alone that is there and refuses: from one second to a minute, doubling.
class ServicePause {
 public:
  using Clock = std::chrono::steady_clock;

  /// Empty before the first failure: the service is tried at once.
  std::optional<Clock::time_point> end() const { return end_; }
  void failed() {
    const auto now = Clock::now();
    const bool lasted = succeeded_at_ && now - *succeeded_at_ >= long_enough;
    pause_ = lasted ? first_pause : std::clamp(pause_ * 2, first_pause, longest_pause);
    end_ = now + pause_;
    succeeded_at_.reset();
  }
  void succeeded() {
    if (!succeeded_at_) succeeded_at_ = Clock::now();
  }

 private:
  static constexpr std::chrono::milliseconds first_pause{1000};
  static constexpr std::chrono::milliseconds longest_pause{60'000};
  /// A connection that held this long makes the next failure a first one; a service that dies at each start
  /// does not.
  static constexpr std::chrono::seconds long_enough{10};
  std::chrono::milliseconds pause_{0};
  std::optional<Clock::time_point> end_, succeeded_at_;
};

}  // namespace koshin::resident
