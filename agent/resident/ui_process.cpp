// SPDX-License-Identifier: MIT
// koshin-ui as a child: its stdin stays open as long as it is wanted.
#include "resident/ui_process.hpp"

#include "foundation/log/log.hpp"

namespace koshin::resident {
namespace {

using Clock = std::chrono::steady_clock;

// koshin-ui leaves two seconds after its last screen, if it gets its turn; within TimeoutStopSec of the unit.
constexpr std::chrono::seconds time_to_close{10};
constexpr std::chrono::hours long_time{24};
// docs/agent.md, "What koshin-ui is told".
constexpr const char* removed_line = "{\"schema\":1,\"type\":\"token_removed\"}\n";

constexpr const char* settled_line = "{\"schema\":1,\"type\":\"settled\"}\n";

/// Names of a decision and a purpose, and a fingerprint: nothing in them that JSON would have to escape.
/// Count and purpose as on koshin-ui's command line.
std::string again_line(const Prompt& prompt) {
  std::string line = "{\"schema\":1,\"type\":\"told_again\",\"reason\":\"" +
                     std::string(to_string(prompt.decision)) + "\",\"certificate\":\"" +
                     prompt.certificate_sha256 + "\"";
  if (prompt.due > 1) line += ",\"due\":" + std::to_string(prompt.due);
  if (prompt.purpose != messages::Purpose::log_in)
    line += ",\"purpose\":\"" + std::string(to_string(prompt.purpose)) + "\"";
  return line + "}\n";
}

/// The URI in {"schema":1,"type":"went_on","token":URI}, which has nothing that JSON escapes; empty for any
/// other line.
std::string token_gone_on_to(std::string_view line) {
  constexpr std::string_view before = "{\"schema\":1,\"type\":\"went_on\",\"token\":\"", after = "\"}";
  if (!line.starts_with(before) || !line.ends_with(after) || line.size() <= before.size() + after.size())
    return {};
  return std::string(line.substr(before.size(), line.size() - before.size() - after.size()));
}

}  // namespace

std::vector<std::string> ui_arguments(const Prompt& prompt, const std::filesystem::path& settings_file) {
  std::vector<std::string> arguments;
  if (prompt.wrong_settings) {
    arguments = {"--reason", std::string(info(prompt.wrong_settings->reason).id)};
  } else {
    arguments = {"--token", prompt.place.uri, "--reason", std::string(to_string(prompt.decision))};
  }
  if (!prompt.certificate_sha256.empty())
    arguments.insert(arguments.end(), {"--certificate", prompt.certificate_sha256});
  if (prompt.due > 1) arguments.insert(arguments.end(), {"--due", std::to_string(prompt.due)});
  if (prompt.purpose != messages::Purpose::log_in)
    arguments.insert(arguments.end(), {"--purpose", std::string(to_string(prompt.purpose))});
  if (!prompt.place.bank.empty()) arguments.insert(arguments.end(), {"--bank", prompt.place.bank});
  if (!settings_file.empty()) arguments.insert(arguments.end(), {"--settings", settings_file.string()});
  return arguments;
}

UiProcess::End UiProcess::run(const UiCommand& command, const std::stop_token& stop,
                              const std::function<void(const std::string& token_uri)>& went_on) {
  try {
    {
      const std::lock_guard lock(mutex_);
      child_ = ChildProcess::start(command.program, command.arguments);
      if (!untold_.empty()) child_->write(untold_);
    }
    const std::stop_callback on_stop(stop, [this] { end_soon(); });
    std::string line;
    for (;;) {
      const ChildProcess::Read read = child_->read_line(line, Clock::now() + long_time);
      if (read == ChildProcess::Read::end) break;
      if (const std::string uri = token_gone_on_to(line); read == ChildProcess::Read::line && !uri.empty())
        went_on(uri);
    }
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    has_ended_.notify_all();
    const auto status = child_->wait_until(Clock::now() + time_to_close);
    const std::lock_guard lock(mutex_);
    child_.reset();
    return status && !status->crashed && status->code == 0 ? End::done : End::failed;
  } catch (const std::exception& error) {
    log::warning(log::Event::none, "koshin-ui could not be run.", {{"KOSHIN_DETAIL", error.what()}});
  }
  const std::lock_guard lock(mutex_);
  child_.reset();
  return End::failed;
}

void UiProcess::end_soon() {
  std::unique_lock lock(mutex_);
  if (!child_ || ended_) return;
  // The end of its input tells koshin-ui, wherever it runs, that its session is over; terminate() is for one
  // that waits.
  child_->close_stdin();
  child_->terminate();
  if (!has_ended_.wait_for(lock, time_to_close, [this] { return ended_; })) child_->kill();
}

void UiProcess::tell_token_removed() {
  tell(removed_line);
}

void UiProcess::tell_again(const Prompt& prompt) {
  tell(again_line(prompt));
}

void UiProcess::tell_settled() {
  tell(settled_line);
}

void UiProcess::tell(const std::string& line) {
  const std::lock_guard lock(mutex_);
  if (!child_) {
    untold_ += line;
    return;
  }
  try {
    child_->write(line);
  } catch (const FailureError& error) {
    log::debug("koshin-ui does not listen.", {{"KOSHIN_DETAIL", error.what()}});
  }
}

}  // namespace koshin::resident
