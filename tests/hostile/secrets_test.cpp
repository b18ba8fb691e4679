// SPDX-License-Identifier: MIT
// PIN, code and passphrase over the command line: in memory while a module hangs, and in what is left.
#include <unistd.h>

#include <functional>

#include "hostile_fixture.hpp"

namespace koshin::test {
namespace {

class HangingModule : public HostileModule {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "skipped: only root can read the memory of a protected process";
    be("hang");
    use(KOSHIN_HOSTILE_MODULE, "renewal.job_deadline = \"PT60S\"\n");
  }
  /// What of these is in memory that a dump would hold, while the module hangs in C_Login.
  static void expect_in_no_dump(const std::vector<std::string>& secrets, const std::function<void()>& work) {
    std::thread run(work);
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    std::vector<pid_t> workers;
    while ((workers = processes_of("koshin-worker")).empty() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    std::this_thread::sleep_for(
        std::chrono::seconds{2});  // by then it hangs; sooner would show less, not more
    workers = processes_of("koshin-worker");
    EXPECT_EQ(workers.size(), 1U);
    for (const char* const name : {"koshin", "koshin-guard", "koshin-worker"}) {
      for (const pid_t process : processes_of(name)) {
        for (const std::string& secret : secrets)
          EXPECT_THAT(memory_with(process, secret), IsEmpty()) << name;
      }
    }
    for (const pid_t worker : workers) ::kill(worker, SIGKILL);
    run.join();
  }
};

TEST_F(HangingModule, ThePinIsOnlyInMemoryThatNoDumpHolds) {
  expect_in_no_dump({right_pin}, [&] {
    koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n"));
  });
}

TEST_F(HangingModule, AndSoIsOneThatPinentryOrAFileGave) {
  expect_in_no_dump({right_pin}, [&] {
    koshin({"renew", "--force", "--json", "--insist-count-low", "--pinentry-program", pinentry().string()});
  });
  expect_in_no_dump({right_pin}, [&] { koshin({"renew", "--force", "--json", "--token", pin_source()}); });
}

TEST_F(HangingModule, AndSoAreTheCodeAndThePassphrase) {
  const std::string code = bank_.reissue_code(default_user), passphrase = "Qv3Nowhere8";
  expect_in_no_dump({right_pin, code}, [&] {
    koshin({"enroll", "--force", "--pin-stdin", "--code-stdin"}, right_pin + ("\n" + code) + "\n");
  });
  use(KOSHIN_HOSTILE_MODULE,
      "renewal.job_deadline = \"PT60S\"\nauthority.http_authentication = \"basic\"\n"
      "authority.http_user = \"user0001\"\n");
  expect_in_no_dump({right_pin, passphrase}, [&] {
    koshin({"renew", "--force", "--pin-stdin", "--passphrase-stdin"}, right_pin + ("\n" + passphrase) + "\n");
  });
}

/// Over the command line; over the page and unattended: left_behind_test.mjs.
TEST_F(HostileModule, TheCodeAndThePassphraseAreNowhereWhateverItDoes) {
  const std::string passphrase = "Qv3Nowhere8";
  for (const char* const how : {"print", "print crash", "print hang"}) {
    be(how);
    use(KOSHIN_HOSTILE_MODULE,
        "log.module_output = true\nrenewal.job_deadline = \"PT2S\"\n"
        "authority.http_authentication = \"basic\"\nauthority.http_user = \"user0001\"\n");
    const std::string code = bank_.reissue_code(default_user);
    const std::vector<RunResult> runs{
        koshin({"enroll", "--force", "--insist-count-low", "--pin-stdin", "--code-stdin"},
               right_pin + ("\n" + code) + "\n"),
        koshin({"renew", "--force", "--insist-count-low", "--pin-stdin", "--passphrase-stdin"},
               right_pin + ("\n" + passphrase) + "\n")};
    for (const std::string& secret : {std::string(right_pin), code, passphrase}) {
      for (const RunResult& run : runs) EXPECT_EQ(found_in(run.out + run.err, secret), "") << how;
      EXPECT_THAT(files_with(directory_.path() / "user", secret), IsEmpty()) << how;
    }
  }
}

}  // namespace
}  // namespace koshin::test
