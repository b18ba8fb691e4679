// SPDX-License-Identifier: MIT
// Windows starts its smart card service when there is a reader, and stops it when there is none. An event of
// the service is set as long as it runs.
#include "resident/service_presence.hpp"

#include <windows.h>
#include <winscard.h>

#include <array>
#include <system_error>

namespace koshin::resident {
namespace {

using Clock = std::chrono::steady_clock;

class StartedEvent final : public ServicePresence {
 public:
  explicit StartedEvent(NativeHandle wake) : wake_(wake), started_(SCardAccessStartedEvent()) {}
  ~StartedEvent() override {
    if (started_ != nullptr) SCardReleaseStartedEvent();
  }

  bool wait_for_service(Clock::time_point pause_ends) override {
    // Where the system has no event to give, the pause alone remains.
    const bool runs = started_ == nullptr || WaitForSingleObject(started_, 0) == WAIT_OBJECT_0;
    if (runs) return WaitForSingleObject(wake_, milliseconds_until(pause_ends)) == WAIT_TIMEOUT;
    const std::array<HANDLE, 2> both{wake_, started_};
    const DWORD which = WaitForMultipleObjects(static_cast<DWORD>(both.size()), both.data(), FALSE, INFINITE);
    if (which == WAIT_FAILED)
      throw std::system_error(static_cast<int>(GetLastError()), std::system_category(),
                              "WaitForMultipleObjects");
    return which != WAIT_OBJECT_0;
  }

 private:
  static DWORD milliseconds_until(Clock::time_point time) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(time - Clock::now());
    return static_cast<DWORD>(std::max<std::chrono::milliseconds::rep>(0, left.count()));
  }

  NativeHandle wake_;
  HANDLE started_;
};

}  // namespace

std::unique_ptr<ServicePresence> ServicePresence::watch(NativeHandle wake) {
  return std::make_unique<StartedEvent>(wake);
}

}  // namespace koshin::resident
