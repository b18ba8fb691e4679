// SPDX-License-Identifier: MIT
// One koshin-ui, from its start to its end.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "foundation/system/child_process.hpp"
#include "resident/world.hpp"

namespace koshin::resident {

/// How koshin-ui is started: what it is told, and, where the agent runs confined by its unit, from outside of
/// that.
struct UiCommand {
  std::filesystem::path program;
  std::vector<std::string> arguments;
};
/// What koshin-ui is told of a prompt (docs/agent.md). `settings_file` as given to the agent, may be empty.
std::vector<std::string> ui_arguments(const Prompt& prompt, const std::filesystem::path& settings_file);
/// Empty when koshin-ui is not installed. `settings_file` as given to the agent, may be empty.
std::optional<UiCommand> ui_command(const Prompt& prompt, const std::filesystem::path& settings_file);

class UiProcess {
 public:
  enum class End { done, failed };

  /// Runs it and returns when it has ended. Call it in a thread of its own; the others may be called from
  /// any.
  /// `went_on`: its page is about the token with this URI from here on.
  End run(const UiCommand& command, const std::stop_token& stop,
          const std::function<void(const std::string& token_uri)>& went_on);
  /// It hears so on its stdin and shows its last page.
  void tell_token_removed();
  /// It hears so on its stdin: a message nobody has answered is brought up to date, and a mail sent when due.
  void tell_again(const Prompt& prompt);
  /// It hears so on its stdin: there is nothing to tell any more, and a message nobody has answered is taken
  /// back.
  void tell_settled();

 private:
  void end_soon();
  void tell(const std::string& line);

  std::mutex mutex_;
  std::condition_variable has_ended_;
  std::unique_ptr<ChildProcess> child_;
  std::string untold_;  ///< lines from before it was started
  bool ended_ = false;
};

}  // namespace koshin::resident
