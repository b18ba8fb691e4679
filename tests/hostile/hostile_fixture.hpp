// SPDX-License-Identifier: MIT
// koshin beside a module that does what KOSHIN_HOSTILE says, and what it leaves behind.
#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "cli/cli_fixture.hpp"
#include "everything_left.hpp"

namespace koshin::test {

namespace fs = std::filesystem;
using testing::IsEmpty;

class HostileModule : public CliFixture {
 protected:
  HostileModule() {
    provision_certificate(12);
    ::setenv("KOSHIN_HOSTILE_DAEMON", daemon_file().c_str(), 1);
    be("");
    use(KOSHIN_HOSTILE_MODULE);
  }
  ~HostileModule() override { ::unsetenv("KOSHIN_HOSTILE"); }

  static void be(const char* how) { ::setenv("KOSHIN_HOSTILE", how, 1); }
  void use(const std::string& module, const std::string& extra = {}) {
    write_settings_with("token.modules = [\"" + module + "\"]\n" + extra);
  }
  fs::path daemon_file() const { return directory_.path() / "daemon"; }
  fs::path log() const { return directory_.path() / "user/state/koshin/koshin.log"; }
  /// Where the PIN may be: what the test itself writes it to.
  fs::path secrets() const {
    fs::create_directories(directory_.path() / "secrets");
    return directory_.path() / "secrets";
  }
  static std::string text_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    return text.str();
  }
  fs::path pinentry() const {
    const auto file = secrets() / "pinentry";
    std::ofstream(file)
        << "#!/bin/sh\necho 'OK hello'\nwhile read -r line; do\n  case \"$line\" in GETPIN) echo 'D "
        << right_pin << "';; esac\n  echo OK\ndone\n";
    fs::permissions(file, fs::perms::owner_all);
    return file;
  }
  std::string pin_source() const {
    const auto file = secrets() / "pin";
    std::ofstream(file) << right_pin << '\n';
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
    return "pkcs11:?pin-source=file:" + file.string();
  }
  /// Each way in which a PIN comes without a page.
  std::vector<RunResult> renew_in_every_way() const {
    return {koshin({"renew", "--force", "--insist-count-low", "--pin-stdin"}, right_pin + std::string("\n")),
            koshin({"renew", "--force", "--json", "--insist-count-low", "--pinentry-program",
                    pinentry().string()}),
            koshin({"renew", "--force", "--json", "--token", pin_source()})};
  }
  void expect_nothing_left(const std::vector<RunResult>& runs) const {
    for (const RunResult& run : runs) {
      EXPECT_EQ(found_in(run.out, right_pin), "") << run.out;
      EXPECT_EQ(found_in(run.err, right_pin), "") << run.err;
    }
    EXPECT_THAT(files_with(directory_.path() / "user", right_pin), IsEmpty());
  }
  /// The processes of this name that were started by this test.
  static std::vector<pid_t> processes_of(const std::string& name) {
    std::vector<pid_t> processes;
    for (const auto& entry : fs::directory_iterator("/proc")) {
      const std::string id = entry.path().filename().string();
      std::string comm;
      std::getline(std::ifstream(entry.path() / "comm"), comm);
      const std::string environment = text_of(entry.path() / "environ");
      if (comm == name && environment.find(::getenv("KOSHIN_HOSTILE_DAEMON")) != std::string::npos)
        processes.push_back(std::stoi(id));
    }
    return processes;
  }
  /// The process that the module has started, when it has gone; else its number.
  pid_t daemon_left() const {
    const pid_t process = std::stoi(text_of(daemon_file()));
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (std::chrono::steady_clock::now() < until) {
      std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
      std::string line;
      if (!std::getline(stat, line) || line.find(") Z ") != std::string::npos) return 0;
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    ::kill(process, SIGKILL);
    return process;
  }
};

}  // namespace koshin::test
