// SPDX-License-Identifier: MIT
// inotify on the program's folder: dpkg renames the new file over the old one.
#include "foundation/system/program_watch.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "foundation/system/paths.hpp"

namespace koshin {

ProgramWatch::ProgramWatch()
    : program_(paths::self()),
      identity_(identity_of(program_)),
      events_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  if (!events_) throw std::system_error(errno, std::generic_category(), "inotify_init1");
  constexpr std::uint32_t what = IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF;
  ::inotify_add_watch(events_.get(), program_.parent_path().c_str(), what);
}

std::optional<ProgramWatch::Identity> ProgramWatch::identity_of(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return {};
  return Identity{info.st_dev, info.st_ino};
}

ProgramWatch::State ProgramWatch::look() {
  std::array<char, 4096> events{};
  while (::read(events_.get(), events.data(), events.size()) > 0) {
  }
  const auto now = identity_of(program_);
  if (!now) return State::removed;
  return now == identity_ ? State::same : State::replaced;
}

}  // namespace koshin
