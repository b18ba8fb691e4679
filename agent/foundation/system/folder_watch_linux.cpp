// SPDX-License-Identifier: MIT
// inotify on a folder.
#include "foundation/system/folder_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace koshin {

FolderWatch::FolderWatch(const std::filesystem::path& folder, Of what)
    : events_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
  constexpr std::uint32_t names = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF;
  constexpr std::uint32_t files = names | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVE_SELF;
  const std::uint32_t events = what == Of::names ? names : files;
  if (events_ && ::inotify_add_watch(events_.get(), folder.c_str(), events) >= 0) return;
  // A desktop may have used up the user's instances or watches.
  obstacle_ = std::system_category().message(errno);
  events_ = Handle();
}

bool FolderWatch::take() {
  constexpr std::uint32_t gone = IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT;
  alignas(inotify_event) std::array<char, 4096> events{};
  bool there = true;
  for (ssize_t size = 0; events_ && (size = ::read(events_.get(), events.data(), events.size())) > 0;) {
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event event{};
      std::memcpy(&event, events.data() + at, sizeof event);
      there = there && (event.mask & gone) == 0;
      at += sizeof event + event.len;
    }
  }
  return there;
}

}  // namespace koshin
