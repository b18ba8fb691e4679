// SPDX-License-Identifier: MIT
// The stage for the agent's tests.
#include <unistd.h>

#include <gtest/gtest.h>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "agent_stage.hpp"

namespace koshin::test {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// The build's programs, linked under other names of the same file: /proc/self/exe then leads here.
void bring(const fs::path& file, const fs::path& directory) {
  std::error_code error;
  fs::create_hard_link(file, directory / file.filename(), error);
  if (error) fs::copy_file(file, directory / file.filename());
}

}  // namespace

std::string Lines::expect(const std::string& text) {
  const auto until = Clock::now() + patience;
  std::string line;
  // One wait for what does not come is enough.
  while (!gave_up_ && child_->read_line(line, until) == ChildProcess::Read::line) {
    seen_.push_back(line);
    if (line.find(text) != std::string::npos) return line;
  }
  gave_up_ = true;
  ADD_FAILURE() << "“" << text << "” did not come; what came was:\n" << all();
  return {};
}

std::size_t Lines::count(const std::string& text) const {
  std::size_t found = 0;
  for (const std::string& line : seen_) found += line.find(text) != std::string::npos ? 1 : 0;
  return found;
}

int Lines::exit_code() {
  const auto until = Clock::now() + patience;
  std::string line;
  while (child_->read_line(line, until) == ChildProcess::Read::line) seen_.push_back(line);
  const auto status = child_->wait_until(until);
  return status && !status->crashed ? status->code : -1;
}

std::string Lines::all() const {
  std::string text;
  for (const std::string& line : seen_) text += line + '\n';
  return text;
}

Programs::Programs()
    : directory_(fs::path(KOSHIN_PROGRAMS).parent_path() / ("stage-" + std::to_string(getpid()))) {
  fs::remove_all(directory_);
  fs::create_directories(directory_);
  for (const auto& entry : fs::directory_iterator(KOSHIN_PROGRAMS)) {
    const std::string name = entry.path().filename().string();
    const bool wanted = name == "koshin-agent" || name == "koshin-worker" || name == "koshin-slot-watch" ||
                        name == "koshin-hooks" || (name.starts_with("koshin") && name.ends_with(".so"));
    if (wanted) bring(entry.path(), directory_);
  }
}

Programs::~Programs() {
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void Programs::set_ui(const std::string& script) const {
  const fs::path file = directory_ / "koshin-ui";
  std::ofstream(file) << "#!/bin/sh\n" << script << "\n";
  fs::permissions(file, fs::perms::owner_all);
}

void Programs::set_real_ui() const {
  bring(fs::path(KOSHIN_PROGRAMS) / "koshin-ui", directory_);
}

Lines start_agent(const Programs& programs, const std::vector<std::string>& arguments) {
  std::vector<std::string> words{"-c", "exec \"$0\" \"$@\" 2>&1", programs.agent().string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return Lines(ChildProcess::start("/bin/sh", words));
}

Desktop::Desktop(const fs::path& directory, bool with_actions) {
  const std::string address = "unix:path=" + (directory / "bus").string();
  bus_ = ChildProcess::start("/usr/bin/dbus-daemon",
                             {"--session", "--nofork", "--print-address", "--address=" + address});
  std::string line;
  if (bus_->read_line(line, Clock::now() + patience) != ChildProcess::Read::line)
    throw std::runtime_error("dbus-daemon does not start");
  setenv("DBUS_SESSION_BUS_ADDRESS", address.c_str(), 1);
  std::vector<std::string> words{KOSHIN_NOTIFICATION_SERVER};
  if (!with_actions) words.emplace_back("--without-actions");
  server_.emplace(ChildProcess::start("/usr/bin/python3", words));
  server_->expect("ready");
}

Desktop::~Desktop() = default;

void Desktop::choose(unsigned notification, const std::string& action) {
  const std::string command = "action " + std::to_string(notification) + " " + action + "\n";
  server_->child().write(command);
  server_->expect("done");
}

void without_desktop() {
  setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
}

}  // namespace koshin::test
