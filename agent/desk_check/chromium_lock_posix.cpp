// SPDX-License-Identifier: MIT
#include "desk_check/chromium_lock_posix.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>

#include "foundation/base/text.hpp"

namespace koshin::desk_check {
namespace {

namespace fs = std::filesystem;

std::string name_of_this_computer() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

bool is_running(pid_t process) {
  return kill(process, 0) == 0 || errno == EPERM;
}

/// A process of another computer, which shares the home folder, cannot be looked at: it counts as running.
std::optional<std::string> holder_of(const std::string& lock) {
  const auto gap = lock.rfind('-');
  if (gap == std::string::npos) return {};
  const std::string computer = lock.substr(0, gap), number = lock.substr(gap + 1);
  pid_t process = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), process);
  if (error != std::errc() || end != number.data() + number.size() || process <= 0) return {};
  if (computer != name_of_this_computer()) return "process " + number + " on " + printable(computer, 100);
  return is_running(process) ? std::optional("process " + number) : std::nullopt;
}

}  // namespace

std::optional<std::string> running_chromium(const fs::path& settings) {
  for (const char* folder :
       {"chromium", "google-chrome", "microsoft-edge", "BraveSoftware/Brave-Browser", "vivaldi"}) {
    std::error_code error;
    const fs::path lock = fs::read_symlink(settings / folder / "SingletonLock", error);
    if (error) continue;
    if (auto holder = holder_of(lock.string())) return holder;
  }
  return {};
}

}  // namespace koshin::desk_check
