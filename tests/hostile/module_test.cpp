// SPDX-License-Identifier: MIT
// A module that prints the PIN, crashes, hangs, leaves processes behind, lies or could be anybody's: what is
// left afterwards, on disk, in logs, in memory and among the processes.
#include <sys/stat.h>
#include <unistd.h>

#include "foundation/system/paths.hpp"
#include "hostile_fixture.hpp"
#include "support/environment.hpp"

namespace koshin::test {
namespace {

constexpr const char* spy = "/usr/lib/x86_64-linux-gnu/pkcs11-spy.so";
constexpr const char* softhsm = "/usr/lib/softhsm/libsofthsm2.so";

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
  EXPECT_THAT(kept, HasSubstr("KOSHIN_MODULE_OUTPUT=\"a word before the log-in\""));
  EXPECT_THAT(kept, HasSubstr("KOSHIN_MODULE_OUTPUT=\"and one that stdio keeps\""));
  EXPECT_THAT(kept, HasSubstr("bytes printed during C_Login left out)"));
  EXPECT_THAT(kept, HasSubstr("KOSHIN_MODULE_OUTPUT=\"the last harmless line\""));
  EXPECT_THAT(kept, HasSubstr("a line with a secret was left out"));
  EXPECT_THAT(kept, Not(HasSubstr("odd:"))) << "no spelling of it is looked for there: none may be";
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
#ifdef KOSHIN_ADDRESS_SANITIZER
  GTEST_SKIP() << "skipped: AddressSanitizer takes the crash for itself";
#endif
  be("print crash");
  use(KOSHIN_HOSTILE_MODULE, "log.module_output = true\n");
  const auto runs = renew_in_every_way();
  EXPECT_EQ(runs.front().exit_code, 15) << runs.front().err;
  expect_nothing_left(runs);
  EXPECT_THAT(text_of(log()), HasSubstr("before it crashed, the module printed: a word before the log-in"));
  EXPECT_THAT(text_of(log()), HasSubstr("bytes printed during C_Login left out)"));
  EXPECT_THAT(text_of(log()), Not(HasSubstr("odd:")));
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

TEST_F(HostileModule, WhatItStartsInAnotherSessionEndsWithTheWorker) {
  be("daemon");
  EXPECT_EQ(koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")).exit_code, 0);
  EXPECT_EQ(daemon_left(), 0);
}

TEST_F(HostileModule, WhatItStartsInAnotherSessionEndsWhenItCrashes) {
#ifdef KOSHIN_ADDRESS_SANITIZER
  GTEST_SKIP() << "skipped: AddressSanitizer takes the crash for itself";
#endif
  be("daemon crash");
  EXPECT_EQ(koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")).exit_code, 15);
  EXPECT_EQ(daemon_left(), 0);
}

class EndedByItsModule : public HostileModule, public testing::WithParamInterface<const char*> {};

TEST_P(EndedByItsModule, TakesWhatItHasStartedAlong) {
#ifdef KOSHIN_ADDRESS_SANITIZER
  GTEST_SKIP() << "skipped: AddressSanitizer takes the crash for itself";
#endif
  be(GetParam());
  EXPECT_EQ(koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")).exit_code, 15)
      << "whatever way it takes, it is the module that has ended the process";
  EXPECT_EQ(daemon_left(), 0);
}

INSTANTIATE_TEST_SUITE_P(Ways, EndedByItsModule,
                         testing::Values("daemon leave", "daemon exits", "daemon killed", "daemon alarm",
                                         "daemon unhandled", "daemon overflow", "sibling leave"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST_F(HostileModule, WhatItMakesAChildOfTheWorkersParentEndsWithTheWorker) {
  be("sibling");
  EXPECT_EQ(koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")).exit_code, 0);
  EXPECT_EQ(daemon_left(), 0);
}

TEST_F(HostileModule, WhatItStartsInAnotherSessionEndsAtTheDeadline) {
  be("daemon hang");
  // Within it the module starts its process, also on a busy machine.
  use(KOSHIN_HOSTILE_MODULE, "renewal.job_deadline = \"PT5S\"\n");
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
  const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!processes_of("koshin-guard").empty() && std::chrono::steady_clock::now() < soon)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  EXPECT_THAT(processes_of("koshin-worker"), IsEmpty());
  EXPECT_THAT(processes_of("koshin-guard"), IsEmpty());
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

TEST_F(HostileModule, ALogThatIsANamedPipeHoldsNothingUp) {
  fs::create_directories(log().parent_path());
  ASSERT_EQ(::mkfifo(log().c_str(), 0600), 0);
  EXPECT_EQ(koshin({"renew", "--force", "--pin-stdin"}, right_pin + std::string("\n")).exit_code, 0);
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
