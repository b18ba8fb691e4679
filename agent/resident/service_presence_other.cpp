// SPDX-License-Identifier: MIT
// Looks for pcscd's socket again and again: POSIX has nothing that tells of a new file.
#include "resident/service_presence.hpp"

#include <poll.h>

#include <filesystem>

#include "card_service/service_socket_posix.hpp"

namespace koshin::resident {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds between_looks{10'000};

class ServiceSocket final : public ServicePresence {
 public:
  explicit ServiceSocket(NativeHandle wake) : wake_(wake), path_(pcsc::service_socket()) {}

  bool wait_for_service(Clock::time_point pause_ends) override {
    const auto before = made();
    for (auto now = before;;) {
      const auto left = std::chrono::ceil<milliseconds>(pause_ends - Clock::now());
      if (woken_within(now ? std::clamp(left, milliseconds{0}, between_looks) : between_looks)) return false;
      now = made();
      const bool is_new = now != before;
      if (now && (is_new || Clock::now() >= pause_ends)) return true;
    }
  }

 private:
  /// When the socket was made; empty where it is not there. One that was made anew is a service that has been
  /// started anew.
  std::optional<std::filesystem::file_time_type> made() const {
    std::error_code absent;
    const auto time = std::filesystem::last_write_time(path_, absent);
    return absent ? std::nullopt : std::optional(time);
  }

  bool woken_within(milliseconds limit) const {
    pollfd wake{wake_, POLLIN, 0};
    poll(&wake, 1, static_cast<int>(limit.count()));
    return wake.revents != 0;
  }

  NativeHandle wake_;
  std::filesystem::path path_;
};

}  // namespace

std::unique_ptr<ServicePresence> ServicePresence::watch(NativeHandle wake) {
  return std::make_unique<ServiceSocket>(wake);
}

}  // namespace koshin::resident
