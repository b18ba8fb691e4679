// SPDX-License-Identifier: MIT
// Waits for pcscd's socket with inotify.
#include "resident/service_presence.hpp"

#include <poll.h>
#include <sys/inotify.h>

#include <filesystem>

#include "card_service/service_socket_posix.hpp"

namespace koshin::resident {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Where the user's inotify instances are used up.
constexpr milliseconds between_looks{10'000};

/// The folder to watch: the socket's, or, while that does not exist, the nearest one above that does.
std::filesystem::path existing_folder(std::filesystem::path path) {
  std::error_code ignored;
  do {
    path = path.parent_path();
  } while (path.has_relative_path() && !std::filesystem::is_directory(path, ignored));
  return path;
}

enum class Waited { woken, something_appeared, time_over };

Waited wait_for(NativeHandle wake, NativeHandle inotify, std::optional<milliseconds> limit) {
  pollfd both[2] = {{wake, POLLIN, 0}, {inotify, POLLIN, 0}};
  const int result = poll(both, 2, limit ? static_cast<int>(limit->count()) : -1);
  if (both[0].revents != 0) return Waited::woken;
  return result > 0 ? Waited::something_appeared : Waited::time_over;
}

class ServiceSocket final : public ServicePresence {
 public:
  explicit ServiceSocket(NativeHandle wake) : wake_(wake), path_(pcsc::service_socket()) {}

  bool wait_for_service(Clock::time_point pause_ends) override {
    while (true) {
      const Handle inotify(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
      const bool watched = inotify && inotify_add_watch(inotify.get(), existing_folder(path_).c_str(),
                                                        IN_CREATE | IN_MOVED_TO) >= 0;
      std::error_code ignored;
      const bool there = std::filesystem::exists(path_, ignored);
      std::optional<milliseconds> limit;
      if (there)
        limit = std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(pause_ends - Clock::now()));
      else if (!watched)
        limit = between_looks;
      const Waited waited = wait_for(wake_, inotify.get(), limit);
      if (waited == Waited::woken) return false;
      if (waited == Waited::time_over && there) return true;
      // A folder above may be what appeared: only the socket itself is worth a try, and then without the
      // pause.
      if (std::filesystem::exists(path_, ignored)) return true;
    }
  }

 private:
  NativeHandle wake_;
  std::filesystem::path path_;
};

}  // namespace

std::unique_ptr<ServicePresence> ServicePresence::watch(NativeHandle wake) {
  return std::make_unique<ServiceSocket>(wake);
}

}  // namespace koshin::resident
