// SPDX-License-Identifier: MIT
// Follows the lines of koshin-slot-watch.
#include "resident/slot_watch.hpp"

#include "foundation/failures/failure.hpp"
#include "foundation/log/log.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/paths.hpp"

namespace koshin::resident {

SlotWatches::SlotWatches(Tasks::Post post, std::filesystem::path settings_file,
                         std::function<void(const std::string&)> changed)
    : post_(std::move(post)), settings_file_(std::move(settings_file)), changed_(std::move(changed)) {}

void SlotWatches::watch(const std::vector<std::string>& modules) {
  tasks_.reset();
  if (modules.empty()) return;
  tasks_ = std::make_unique<Tasks>(post_);
  for (const std::string& module : modules) {
    // Without a thread the rescan interval alone remains.
    if (!tasks_->start([this, module](const std::stop_token& stop) { follow(module, stop); })) return;
  }
}

void SlotWatches::follow(const std::string& module, const std::stop_token& stop) const {
  constexpr std::chrono::hours long_time{24};
  try {
    std::vector<std::string> arguments{"--module", module};
    if (!settings_file_.empty()) arguments.insert(arguments.end(), {"--settings", settings_file_.string()});
    const auto child =
        ChildProcess::start(paths::program("koshin-slot-watch"), arguments, {.whole_tree = true});
    const std::stop_callback on_stop(stop, [&child] { child->kill(); });
    std::string line;
    ChildProcess::Read read = ChildProcess::Read::line;
    while ((read = child->read_line(line, std::chrono::steady_clock::now() + long_time)) !=
           ChildProcess::Read::end) {
      if (read != ChildProcess::Read::line) continue;
      if (line == "watching") {
        log::info(log::Event::none, "The token software “" + module + "” tells of its tokens by itself.",
                  {{"KOSHIN_MODULE", module}});
      } else if (line == "changed") {
        post_([this, module] { changed_(module); });
      }
    }
  } catch (const std::exception& error) {  // the thread has nobody above it
    log::debug("Slot events cannot be followed.",
               {{"KOSHIN_MODULE", module}, {"KOSHIN_DETAIL", error.what()}});
  }
  // It has none, or crashed: the rescan interval alone remains.
}

}  // namespace koshin::resident
