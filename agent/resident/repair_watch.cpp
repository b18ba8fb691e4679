// SPDX-License-Identifier: MIT
// Watches of the folders, and one alarm: near after a change, far without.
#include "resident/repair_watch.hpp"

#include <algorithm>
#include <utility>

#include "foundation/base/clock.hpp"
#include "foundation/log/log.hpp"

namespace koshin::resident {

namespace {

/// The nearest folder above `folder` that is there, and in `missing` what is missing of the way from it.
std::filesystem::path nearest(std::filesystem::path folder, std::filesystem::path& missing) {
  missing.clear();
  std::error_code ignored;
  while (!std::filesystem::is_directory(folder, ignored) && folder.has_relative_path()) {
    missing = folder;
    folder = folder.parent_path();
  }
  return folder;
}

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

}  // namespace

RepairWatch::RepairWatch(EventLoop& loop, const std::vector<std::filesystem::path>& folders,
                         std::function<void()> look, std::function<bool()> leads_nowhere,
                         std::chrono::seconds between_looks_untold)
    : loop_(loop),
      look_(std::move(look)),
      leads_nowhere_(std::move(leads_nowhere)),
      between_looks_untold_(between_looks_untold),
      alarm_(loop, [this](Alarm::Why) {
        changed_since_.reset();
        // Before the look: what happens during it is told. Anew, since a folder may be another one by now.
        for (Watched& one : watched_) begin(one);
        const bool told = all_are_watched() && !leads_nowhere_();
        if (!changed_since_) alarm_.set(current_time() + (told ? between_looks : between_looks_untold_));
        loop_.post(look_);
      }) {
  for (const std::filesystem::path& folder : folders) begin(watched_.emplace_back(Watched{folder}));
  // What has happened since the settings were read, and before the watch began.
  alarm_.set(current_time() + moment);
}

void RepairWatch::begin(Watched& one) {
  one.watch.end();
  one.folder.emplace(nearest(one.wanted, one.missing));
  if (!one.folder->obstacle().empty()) {
    log::debug("A folder of settings is not watched: it is looked at once a minute.",
               {{"KOSHIN_DETAIL", one.folder->obstacle()}});
    return;
  }
  one.watch = loop_.on(one.folder->handle(), [this, &one] { happened(one); });
  if (!one.missing.empty() && is_there(one.missing)) look_soon();  // it has come meanwhile
}

bool RepairWatch::all_are_watched() const {
  return std::ranges::all_of(
      watched_, [](const Watched& one) { return !one.folder || one.folder->obstacle().empty(); });
}

void RepairWatch::happened(Watched& one) {
  const auto watched = one.missing.empty() ? one.wanted : one.missing.parent_path();
  if (!one.folder->take() || !is_there(watched)) {
    one.watch.end();
    one.folder.reset();  // the next look begins anew
  } else if (!one.missing.empty() && !is_there(one.missing)) {
    return;  // another file of the folder above
  }
  look_soon();
}

void RepairWatch::look_soon() {
  // In a folder that changes all the time it is looked at all the same.
  const TimePoint now = current_time();
  if (!changed_since_ || *changed_since_ > now) changed_since_ = now;
  alarm_.set(std::min(now + moment, *changed_since_ + longest_moment));
}

}  // namespace koshin::resident
