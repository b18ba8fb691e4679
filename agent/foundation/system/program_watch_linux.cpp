// SPDX-License-Identifier: MIT
// inotify on the program's folder: dpkg renames the new file over the old one.
#include "foundation/system/program_watch.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "foundation/system/paths.hpp"

namespace koshin {

namespace {

/// Where the program was, if its file is gone or another one has its place (proc(5), /proc/pid/exe).
std::filesystem::path place_of(const std::filesystem::path& program) {
  constexpr std::string_view gone = " (deleted)";
  const std::string& name = program.native();
  return name.ends_with(gone) ? name.substr(0, name.size() - gone.size()) : name;
}

}  // namespace

ProgramWatch::ProgramWatch()
    : program_(place_of(paths::self())),
      identity_(program_ == paths::self() ? identity_of(program_) : std::nullopt),
      events_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  constexpr std::uint32_t what = IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM | IN_DELETE_SELF;
  if (events_ && ::inotify_add_watch(events_.get(), program_.parent_path().c_str(), what) >= 0) return;
  // A desktop may have used up the user's instances or watches: the program does its work all the same.
  obstacle_ = std::system_category().message(errno);
  events_ = Handle();
}

std::optional<ProgramWatch::Identity> ProgramWatch::identity_of(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return {};
  return Identity{info.st_dev, info.st_ino};
}

ProgramWatch::State ProgramWatch::look() {
  std::array<char, 4096> events{};
  while (events_ && ::read(events_.get(), events.data(), events.size()) > 0) {
  }
  const auto now = identity_of(program_);
  if (!now) return State::removed;
  return now == identity_ ? State::same : State::replaced;
}

}  // namespace koshin
