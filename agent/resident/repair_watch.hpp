// SPDX-License-Identifier: MIT
// Waits for wrong settings to be put right.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <list>
#include <optional>
#include <vector>

#include "foundation/system/alarm.hpp"
#include "foundation/system/event_loop.hpp"
#include "foundation/system/folder_watch.hpp"

namespace koshin::resident {

class RepairWatch {
 public:
  /// `look` is posted to the loop, which outlives this, a moment after something has happened in one of
  /// `folders`: an editor writes a file in several steps. A folder that is not there, or goes away, is waited
  /// for in the one above it. And once an hour: no system tells of a file that a link leads to, of one on
  /// another computer, or of the registry. Once a minute while `leads_nowhere` says that a link does, since
  /// no system tells a watched folder that another file system was mounted over it, and while a folder cannot
  /// be watched.
  RepairWatch(
      EventLoop& loop, const std::vector<std::filesystem::path>& folders, std::function<void()> look,
      std::function<bool()> leads_nowhere = [] { return false; },
      std::chrono::seconds between_looks_untold = std::chrono::minutes{1});
  RepairWatch(const RepairWatch&) = delete;
  RepairWatch& operator=(const RepairWatch&) = delete;

  static constexpr std::chrono::seconds moment{1}, longest_moment{10};
  static constexpr std::chrono::hours between_looks{1};

 private:
  struct Watched {
    std::filesystem::path wanted;
    /// What must come before `wanted` can be watched: itself, or a folder above it. Empty: it is watched.
    std::filesystem::path missing{};
    std::optional<FolderWatch> folder{};  ///< of `wanted`, or of the folder that `missing` would be in
    EventLoop::Watch watch{};
  };
  void begin(Watched& one);
  bool all_are_watched() const;
  void happened(Watched& one);
  void look_soon();

  EventLoop& loop_;
  std::function<void()> look_;
  std::function<bool()> leads_nowhere_;
  std::chrono::seconds between_looks_untold_;
  std::optional<TimePoint> changed_since_;  ///< the first change since the last look
  Alarm alarm_;
  std::list<Watched> watched_;  // a list: each is known to the loop by its place
};

}  // namespace koshin::resident
