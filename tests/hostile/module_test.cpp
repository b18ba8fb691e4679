// SPDX-License-Identifier: MIT
// A module that prints the PIN, crashes, hangs, leaves processes behind, lies or could be anybody's: what is
// left afterwards, on disk, in logs, in memory and among the processes.
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "cli/cli_fixture.hpp"
#include "everything_left.hpp"
#include "foundation/system/paths.hpp"
#include "support/environment.hpp"

namespace koshin::test {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

constexpr const char* spy = "/usr/lib/x86_64-linux-gnu/pkcs11-spy.so";
constexpr const char* softhsm = "/usr/lib/softhsm/libsofthsm2.so";

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
  static std::vector<pid_t> processes_of(const char* name) {
    std::vector<pid_t> processes;
    for (const auto& entry : fs::directory_iterator("/proc")) {
      const std::string id = entry.path().filename().string();
      std::string comm;
      std::getline(std::ifstream(entry.path() / "comm"), comm);
      std::string environment = text_of(entry.path() / "environ");
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

TEST_F(HostileModule, OneThatPrintsThePinHasItNowhere) {
  be("print");
  const auto runs = renew_in_every_way();
  EXPECT_EQ(runs.front().exit_code, 0) << runs.front().err;
  expect_nothing_left(runs);
  EXPECT_THAT(text_of(log()), Not(HasSubstr("harmless"))) << "what a module prints goes nowhere";
}

TEST_F(HostileModule, OneThatPrintsThePinHasItNowhereWhereItsOutputIsKept) {
  be("print");
  use(KOSHIN_HOSTILE_MODULE, "log.module_output = true\n");
  const auto runs = renew_in_every_way();
  EXPECT_EQ(runs.front().exit_code, 0) << runs.front().err;
  expect_nothing_left(runs);
  const std::string kept = text_of(log());
  EXPECT_THAT(kept, HasSubstr("KOSHIN_MODULE_OUTPUT=\"the last harmless line\""));
  EXPECT_THAT(kept, HasSubstr("a line with a secret was left out"));
}

TEST_F(HostileModule, Pkcs11SpyHasThePinNowhere) {
  if (!fs::exists(spy)) GTEST_SKIP() << "skipped: opensc-pkcs11 is not installed, which brings pkcs11-spy";
  const ScopedEnvironment environment(std::map<std::string, std::string>{{"PKCS11SPY", softhsm}});
  for (const char* const output : {"false", "true"}) {
    use(spy, std::string("log.module_output = ") + output + "\n");
    expect_nothing_left(renew_in_every_way());
    EXPECT_EQ(text_of(log()).find("C_Login") != std::string::npos, output == std::string("true"));
  }
}

TEST_F(HostileModule, OneThatCrashesLeavesItsWordsButNoSecretAndNoCore) {
  be("print crash");
  use(KOSHIN_HOSTILE_MODULE, "log.module_output = true\n");
  const auto runs = renew_in_every_way();
  EXPECT_EQ(runs.front().exit_code, 15) << runs.front().err;
  expect_nothing_left(runs);
  EXPECT_THAT(text_of(log()), HasSubstr("before it crashed, the module printed: the last harmless line"));
  for (const auto& folder : {directory_.path(), fs::current_path()}) {
    for (const auto& entry : fs::directory_iterator(folder))
      EXPECT_FALSE(entry.path().filename().string().starts_with("core")) << entry.path();
  }
}

TEST_F(HostileModule, OneThatHangsLeavesNothing) {
  be("print hang");
  use(KOSHIN_HOSTILE_MODULE, "log.module_output = true\nrenewal.job_deadline = \"PT2S\"\n");
  const auto runs = renew_in_every_way();
  EXPECT_EQ(runs.front().exit_code, 6) << runs.front().err;
  expect_nothing_left(runs);
}

TEST_F(HostileModule, WhileItHangsThePinIsOnlyInMemoryThatNoDumpHolds) {
  if (::geteuid() != 0) GTEST_SKIP() << "skipped: only root can read the memory of a protected process";
  be("hang");
  use(KOSHIN_HOSTILE_MODULE, "renewal.job_deadline = \"PT60S\"\n");
  std::thread run([&] { koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")); });
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  std::vector<pid_t> workers;
  while ((workers = processes_of("koshin-worker")).empty() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  std::this_thread::sleep_for(std::chrono::seconds{2});  // by then it hangs; sooner would show less, not more
  ASSERT_EQ(workers.size(), 1U);
  for (const char* const name : {"koshin", "koshin-worker"}) {
    for (const pid_t process : processes_of(name))
      EXPECT_THAT(memory_with(process, right_pin), IsEmpty()) << name;
  }
  ::kill(workers.front(), SIGKILL);
  run.join();
}

TEST_F(HostileModule, WhatItStartsInAnotherSessionEndsWithTheWorker) {
  be("daemon");
  EXPECT_EQ(koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")).exit_code, 0);
  EXPECT_EQ(daemon_left(), 0);
}

TEST_F(HostileModule, WhatItStartsInAnotherSessionEndsWhenItCrashes) {
  be("daemon crash");
  EXPECT_EQ(koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")).exit_code, 15);
  EXPECT_EQ(daemon_left(), 0);
}

TEST_F(HostileModule, WhatItStartsInAnotherSessionEndsAtTheDeadline) {
  be("daemon hang");
  use(KOSHIN_HOSTILE_MODULE, "renewal.job_deadline = \"PT2S\"\n");
  EXPECT_EQ(koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")).exit_code, 6);
  EXPECT_EQ(daemon_left(), 0);
}

TEST_F(HostileModule, WhatItStartsInAnotherSessionEndsWhenTheCommandLineIsKilled) {
  if (::geteuid() != 0) GTEST_SKIP() << "skipped: only root finds a protected process by its environment";
  be("daemon hang");
  std::thread run([&] { koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")); });
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (text_of(daemon_file()).find('\n') == std::string::npos && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  for (const pid_t process : processes_of("koshin")) ::kill(process, SIGKILL);
  run.join();
  EXPECT_EQ(daemon_left(), 0);
  EXPECT_THAT(processes_of("koshin-worker"), IsEmpty());
}

TEST_F(HostileModule, AnAnswerAboutAPinBeforeOneWasPresentedIsATokensError) {
  be("slots");
  const Json failed = koshin_json({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n"));
  EXPECT_EQ(failed["failure"]["reason"], "token_error");
  const RunResult seen = koshin({"inspect", "--json"});
  EXPECT_THAT(seen.out, HasSubstr("token_error"));
  EXPECT_THAT(seen.out, Not(HasSubstr("pin_incorrect")));
}

TEST_F(HostileModule, OneThatFloodsItsOutputFillsNothing) {
  be("flood");
  use(KOSHIN_HOSTILE_MODULE, "log.module_output = true\n");
  for (int run = 0; run < 3; ++run)
    EXPECT_EQ(koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")).exit_code, 0);
  EXPECT_LT(fs::file_size(log()), 1024U * 1024U);
  EXPECT_THAT(text_of(log()), HasSubstr("more lines than are kept"));
}

TEST_F(HostileModule, TheLogIsItsOwnersAloneAndEndsAtItsLimit) {
  fs::create_directories(log().parent_path());
  std::ofstream(log()) << std::string(1024 * 1024 - 130 * 1024, 'x') << '\n';
  fs::permissions(log(), fs::perms::owner_all | fs::perms::group_read | fs::perms::others_read);
  use(KOSHIN_HOSTILE_MODULE, "log.module_output = true\n");
  be("flood");
  EXPECT_EQ(koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")).exit_code, 0);
  struct stat status {};
  ASSERT_EQ(::stat(log().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_LE(status.st_size, 1024 * 1024);
  EXPECT_EQ(koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")).exit_code, 0);
  EXPECT_TRUE(fs::exists(log().string() + ".1")) << "a full one is set aside";
  EXPECT_LE(fs::file_size(log()), 1024U * 1024U);
  EXPECT_LE(fs::file_size(log().string() + ".1"), 1024U * 1024U);
}

TEST_F(HostileModule, OneThatOthersCanWriteIsNotLoaded) {
  const auto folder = directory_.path() / "vendor";
  const auto module = folder / "lib" / "module.so";
  fs::create_directories(module.parent_path());
  fs::copy_file(KOSHIN_HOSTILE_MODULE, module);
  use(module.string());
  const auto reason = [&] {
    const Json answer = koshin_json({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n"));
    return answer["ok"] == true ? std::string("completed") : answer["failure"]["reason"].get<std::string>();
  };
  ASSERT_EQ(::chmod(module.c_str(), 0777), 0);
  EXPECT_EQ(reason(), "module_unsafe");
  ASSERT_EQ(::chmod(module.c_str(), 0755), 0);
  ASSERT_EQ(::chmod(folder.c_str(), 0777), 0);
  EXPECT_EQ(reason(), "module_unsafe") << "whoever can write a folder above it puts another one there";
  ASSERT_EQ(::chmod(folder.c_str(), 0755), 0);
  EXPECT_EQ(reason(), "completed");
  if (::chown(module.c_str(), 12345, 12345) != 0) GTEST_SKIP() << "only root can give files away";
  EXPECT_EQ(reason(), "module_unsafe");
}

}  // namespace
}  // namespace koshin::test
