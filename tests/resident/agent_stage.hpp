// SPDX-License-Identifier: MIT
// The real koshin-agent with everything around it a test's own: programs, user's folders, session bus, pcscd.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "foundation/system/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {

/// Generous: the machine may be slow and busy. Nothing waits this long unless something is wrong.
inline constexpr std::chrono::seconds patience{60};

/// A child whose output is read line by line and kept.
class Lines {
 public:
  explicit Lines(std::unique_ptr<ChildProcess> child) : child_(std::move(child)) {}
  /// Reads on until a line holds `text`, and returns it; lines that were read before do not count. Empty, and
  /// a test failure with all that was read, when it does not come.
  std::string expect(const std::string& text);
  /// The same where the line may have come before another that was read already.
  void expect_in_any_order(const std::string& text) {
    if (count(text) == 0) expect(text);
  }
  /// How many lines so far hold `text`.
  std::size_t count(const std::string& text) const;
  /// Reads what there is to the end of the child, and returns its exit code; -1 when it does not end or died
  /// of a signal.
  int exit_code();
  std::string all() const;
  ChildProcess& child() { return *child_; }

 private:
  std::unique_ptr<ChildProcess> child_;
  std::vector<std::string> seen_;
  bool gave_up_ = false;
};

/// A folder that holds koshin's programs, so that a test decides which koshin-ui there is.
class Programs {
 public:
  Programs();
  ~Programs();
  Programs(const Programs&) = delete;
  Programs& operator=(const Programs&) = delete;
  /// A shell script in the place of koshin-ui.
  void set_ui(const std::string& script) const;
  /// The build's own.
  void set_real_ui() const;
  std::filesystem::path agent() const { return directory_ / "koshin-agent"; }

 private:
  std::filesystem::path directory_;
};

/// Starts it with its log on the pipe that `Lines` reads.
Lines start_agent(const Programs& programs, const std::vector<std::string>& arguments);

/// dbus-daemon with a real notification server on it. Sets DBUS_SESSION_BUS_ADDRESS.
class Desktop {
 public:
  explicit Desktop(const std::filesystem::path& directory, bool with_actions = true);
  ~Desktop();
  /// The next call's JSON line that holds `text`.
  std::string expect(const std::string& text) { return server_->expect(text); }
  std::size_t count(const std::string& text) const { return server_->count(text); }
  std::string all() const { return server_->all(); }
  void stop_server() { server_.reset(); }
  void choose(unsigned notification, const std::string& action);

 private:
  std::unique_ptr<ChildProcess> bus_;
  std::optional<Lines> server_;
};

/// Makes this process (and its children) believe that there is no session bus.
void without_desktop();

}  // namespace koshin::test
