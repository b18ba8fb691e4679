// SPDX-License-Identifier: MIT
#include "foundation/system/child_process.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <thread>

#include "failure_of.hpp"
#include "process_ends.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

using test::ends;
using test::failure_of;
using testing::HasSubstr;
using Read = ChildProcess::Read;

std::chrono::steady_clock::time_point soon() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(60);
}
std::chrono::steady_clock::time_point now() {
  return std::chrono::steady_clock::now();
}

std::unique_ptr<ChildProcess> shell(const std::string& script) {
  return ChildProcess::start("/bin/sh", {"-c", script});
}

TEST(ChildProcess, EchoesLinesAndEnds) {
  const auto child = ChildProcess::start("/bin/cat", {});
  child->write(std::string_view("one\n\ntwo\nrest"));
  child->close_stdin();
  std::string line;
  for (const char* const expected : {"one", "", "two", "rest"}) {
    ASSERT_EQ(child->read_line(line, soon()), Read::line);
    EXPECT_EQ(line, expected);
  }
  EXPECT_EQ(child->read_line(line, soon()), Read::end);
  const auto status = child->wait_until(soon());
  ASSERT_TRUE(status);
  EXPECT_FALSE(status->crashed);
  EXPECT_EQ(status->code, 0);
}

TEST(ChildProcess, TellsExitCodesFromSignals) {
  EXPECT_EQ(shell("exit 42")->wait_until(soon())->code, 42);
  const auto killed = shell("kill -SEGV $$")->wait_until(soon());
  EXPECT_TRUE(killed->crashed);
  EXPECT_EQ(killed->code, SIGSEGV);
}

TEST(ChildProcess, ThatCannotBeStartedIsAFailureThatSaysWhy) {
  const Failure missing = failure_of([] { (void)ChildProcess::start("/no/such/program", {}); });
  EXPECT_EQ(missing.reason, Reason::worker_failed);
  EXPECT_THAT(missing.detail, HasSubstr("cannot start /no/such/program: No such file or directory"));
  EXPECT_THAT(failure_of([] { (void)ChildProcess::start("/etc/passwd", {}); }).detail,
              HasSubstr("Permission denied"));
}

TEST(ChildProcess, ReadingHasADeadline) {
  const auto child = ChildProcess::start(PROBE, {"sleeper"});
  std::string line;
  ASSERT_EQ(child->read_line(line, soon()), Read::line);
  EXPECT_EQ(child->read_line(line, now() + std::chrono::milliseconds(20)), Read::timeout);
  EXPECT_EQ(child->read_line(line, now()), Read::timeout);
  EXPECT_FALSE(child->wait_until(now() + std::chrono::milliseconds(20)));
}

TEST(ChildProcess, DestroyingItKillsAndReaps) {
  long pid = 0;
  {
    const auto child = ChildProcess::start(PROBE, {"sleeper"});
    pid = child->pid();
  }
  EXPECT_EQ(kill(static_cast<pid_t>(pid), 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST(ChildProcess, KillingItReachesWhatItStarted) {
  const auto child = shell("sleep 300 & echo $!; wait");
  std::string line;
  ASSERT_EQ(child->read_line(line, soon()), Read::line);
  child->kill();
  EXPECT_TRUE(child->wait_until(soon())->crashed);
  EXPECT_TRUE(ends(std::stol(line)));
}

TEST(ChildProcess, MayBeKilledFromAnotherThreadWhileItIsRead) {
  const auto child = ChildProcess::start(PROBE, {"sleeper"});
  std::string line;
  ASSERT_EQ(child->read_line(line, soon()), Read::line);
  std::thread killer([&] { child->kill(); });
  EXPECT_EQ(child->read_line(line, soon()), Read::end);
  killer.join();
  child->kill();
  child->terminate();
}

TEST(ChildProcess, AGrandchildThatHoldsThePipeIsNotWaitedFor) {
  const auto child = shell("sleep 30 & echo $!; exit 3");
  std::string line;
  ASSERT_EQ(child->read_line(line, soon()), Read::line);
  const auto before = now();
  EXPECT_EQ(child->read_line(line, before + std::chrono::seconds(25)), Read::end);
  EXPECT_EQ(child->wait_until(soon())->code, 3);
  kill(std::stoi(line), SIGKILL);
}

TEST(ChildProcess, WritingToOneThatIsGoneIsAFailureAndNoSignal) {
  const auto child = shell("exit 0");
  ASSERT_TRUE(child->wait_until(soon()));
  const Failure failure = failure_of([&] { child->write(std::string_view("text")); });
  EXPECT_EQ(failure.reason, Reason::worker_failed);
  EXPECT_THAT(failure.detail, HasSubstr("Broken pipe"));
  sigset_t pending;
  sigpending(&pending);
  EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
  sigset_t blocked;
  pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  EXPECT_EQ(sigismember(&blocked, SIGPIPE), 0);
}

TEST(ChildProcess, WritesMoreThanAPipeHolds) {
  const auto child = shell("wc -c");
  const std::string much(1 << 20, 'x');
  child->write(much);
  child->close_stdin();
  std::string line;
  ASSERT_EQ(child->read_line(line, soon()), Read::line);
  EXPECT_THAT(line, HasSubstr("1048576"));
}

TEST(ChildProcess, OneThatDoesNotReadDoesNotBlockForEver) {
  const auto child = ChildProcess::start(PROBE, {"sleeper"});
  const std::string much(1 << 20, 'x');
  EXPECT_THAT(failure_of([&] { child->write(much); }).detail, HasSubstr("does not read its input"));
}

TEST(ChildProcess, ALineThatIsTooLongIsAFailure) {
  const auto child = shell("head -c 5000 /dev/zero; sleep 30");
  std::string line;
  const Failure failure = failure_of([&] { (void)child->read_line(line, soon(), 4096); });
  EXPECT_EQ(failure.reason, Reason::worker_failed);
  EXPECT_THAT(failure.detail, HasSubstr("a line of more than 4096 bytes"));
}

TEST(ChildProcess, InheritsNeitherDescriptorsNorSignalSettings) {
  const int leaked = dup(STDOUT_FILENO);  // without close-on-exec, as a vendor's library would
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  auto* const old = signal(SIGPIPE, SIG_IGN);
  const auto child = ChildProcess::start(PROBE, {"descriptors"});
  signal(SIGPIPE, old);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  close(leaked);
  std::string text, line;
  while (child->read_line(line, soon()) == Read::line) text += line + '\n';
  EXPECT_THAT(text, testing::MatchesRegex("fd 0\nfd 1\nfd 2\nSigBlk:\t0+\nSigIgn:\t0+\ngroup own\n"));
}

TEST(ChildProcess, StaysInTheParentsGroupWhenAsked) {
  const auto child = ChildProcess::start(PROBE, {"descriptors"}, {.own_group = false});
  std::string text, line;
  while (child->read_line(line, soon()) == Read::line) text += line + '\n';
  EXPECT_THAT(text, HasSubstr("group parent's"));
}

TEST(ChildProcess, HasTheEnvironmentAndTheFolderThatItIsGiven) {
  const auto child = ChildProcess::start(
      "/usr/bin/env", {"sh", "-c", "env | grep -v ^_=; /bin/pwd"},
      {.environment = std::vector<std::string>{"PATH=/bin", "ONE=a b"}, .working_directory = "/proc"});
  std::string text, line;
  while (child->read_line(line, soon()) == Read::line) text += line + '\n';
  EXPECT_THAT(text, HasSubstr("ONE=a b\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("HOME=")));
  EXPECT_THAT(text, testing::EndsWith("\n/proc\n"));
}

TEST(ChildProcess, ThatCannotGoToItsFolderIsAFailureThatSaysWhy) {
  const Failure failure =
      failure_of([] { ChildProcess::start("/bin/true", {}, {.working_directory = "/nowhere"}); });
  EXPECT_THAT(failure.detail, HasSubstr("No such file or directory"));
}

TEST(ChildProcess, ErrorsMayComeWithTheOutput) {
  const auto child = ChildProcess::start("/bin/sh", {"-c", "echo one; echo two >&2; echo three"},
                                         {.errors_with_output = true});
  std::string text, line;
  while (child->read_line(line, soon()) == Read::line) text += line + '\n';
  EXPECT_EQ(text, "one\ntwo\nthree\n");
}

TEST(ChildProcess, CanBeReadStraightIntoTheCallersMemory) {
  const auto child = shell("printf secret");
  std::array<char, 4> memory{};
  std::string all;
  std::size_t count = 0;
  while (child->read_some(memory, count, soon()) == Read::line) all.append(memory.data(), count);
  EXPECT_EQ(all, "secret");
  EXPECT_EQ(count, 0U);
}

TEST(ChildProcess, TerminateLetsItSayGoodbye) {
  const auto child = shell("trap 'echo bye; exit 4' TERM; echo ready; while :; do sleep 0.05; done");
  std::string line;
  ASSERT_EQ(child->read_line(line, soon()), Read::line);
  child->terminate();
  ASSERT_EQ(child->read_line(line, soon()), Read::line);
  EXPECT_EQ(line, "bye");
  EXPECT_EQ(child->wait_until(soon())->code, 4);
}

}  // namespace
}  // namespace koshin
