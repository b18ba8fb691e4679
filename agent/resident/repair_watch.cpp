// SPDX-License-Identifier: MIT
// Watches of the folders, and one alarm: near after a change, far without.
#include "resident/repair_watch.hpp"

#include <algorithm>
#include <utility>

#include "foundation/base/clock.hpp"
#include "foundation/log/log.hpp"

namespace koshin::resident {

RepairWatch::RepairWatch(EventLoop& loop, const std::vector<std::filesystem::path>& folders,
                         std::function<void()> look)
    : loop_(loop), look_(std::move(look)), alarm_(loop, [this](Alarm::Why) {
        changed_since_.reset();
        alarm_.set(current_time() + between_looks);
        loop_.post(look_);
      }) {
  for (const std::filesystem::path& folder : folders) {
    Watched& one = watched_.emplace_back(Watched{FolderWatch(folder)});
    if (!one.folder.obstacle().empty()) {
      log::debug("A folder of settings is not watched: it is looked at once an hour.",
                 {{"KOSHIN_DETAIL", one.folder.obstacle()}});
      continue;
    }
    one.watch = loop_.on(one.folder.handle(), [this, &one] {
      one.folder.take();
      // In a folder that changes all the time it is looked at all the same.
      const TimePoint now = current_time();
      if (!changed_since_ || *changed_since_ > now) changed_since_ = now;
      alarm_.set(std::min(now + moment, *changed_since_ + longest_moment));
    });
  }
  // What has happened since the settings were read, and before the watch began.
  alarm_.set(current_time() + moment);
}

}  // namespace koshin::resident
