// SPDX-License-Identifier: MIT
// What a worker makes of jobs that are none, and what it gives up before it reads one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>

#include "foundation/failures/failure.hpp"
#include "foundation/jobs/messages.hpp"
#include "raw_worker.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"

namespace koshin::test {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

constexpr long nobody = 65534;

struct BadJob {
  const char* name;
  std::string input;
  const char* detail;
};

class Garbage : public ::testing::TestWithParam<BadJob> {};

TEST_P(Garbage, IsOneFailureThatSaysWhatIsWrong) {
  const TemporaryDirectory directory;
  isolate_user(directory.path());
  RawWorker worker;
  worker.write(GetParam().input);
  worker.close_stdin();
  const std::string output = worker.read_all();
  EXPECT_EQ(worker.wait(), info(Reason::job_invalid).exit_code);
  ASSERT_THAT(output, EndsWith("\n"));
  ASSERT_EQ(std::count(output.begin(), output.end(), '\n'), 1);
  const auto event = messages::parse_event(output.substr(0, output.size() - 1));
  ASSERT_TRUE(std::holds_alternative<Failure>(event));
  EXPECT_EQ(std::get<Failure>(event).reason, Reason::job_invalid);
  EXPECT_THAT(std::get<Failure>(event).detail, HasSubstr(GetParam().detail));
}

INSTANTIATE_TEST_SUITE_P(
    Jobs, Garbage,
    ::testing::Values(BadJob{"nothing", "", "ended"}, BadJob{"no_line_end", "{}", "ended"},
                      BadJob{"no_json", "hello\n", "JSON"},
                      BadJob{"binary", std::string("\0\xff\xfe\x01\n", 5), ""},
                      BadJob{"empty_object", "{}\n", ""},
                      BadJob{"unknown_job",
                             R"({"schema":1,"type":"job","job":"format_disk"})"
                             "\n",
                             "job"},
                      BadJob{"other_schema",
                             R"({"schema":99,"type":"job","job":"inspect"})"
                             "\n",
                             "schema"},
                      BadJob{"endless_line", std::string(messages::max_job_line + 10, 'x') + "\n", "longer"},
                      BadJob{"secret_missing",
                             R"({"schema":1,"type":"job","job":"renew","secrets":["pin"]})"
                             "\n",
                             "secret"},
                      BadJob{"secret_cut_off",
                             std::string(R"({"schema":1,"type":"job","job":"renew","secrets":["pin"]})"
                                         "\n") +
                                 std::string("\0\x0a"
                                             "123",
                                             5),
                             "secret"},
                      BadJob{"secret_too_long",
                             std::string(R"({"schema":1,"type":"job","job":"renew","secrets":["pin"]})"
                                         "\n") +
                                 "\x7f\xff",
                             "secret"},
                      BadJob{"secret_twice",
                             std::string(R"({"schema":1,"type":"job","job":"renew","secrets":["pin","pin"]})"
                                         "\n") +
                                 std::string("\0\x01"
                                             "1\0\x01"
                                             "2",
                                             6),
                             "twice"}),
    [](const auto& test) { return test.param.name; });

TEST(Worker, TakesNoArguments) {
  RawWorker worker({"--help"});
  EXPECT_EQ(worker.wait(), info(Reason::usage_error).exit_code);
  EXPECT_EQ(worker.read_all(), "");
}

TEST(Worker, GivesUpPrivilegesAndCoreDumpsBeforeItReadsAJob) {
  RawWorker worker;
  ASSERT_TRUE(worker.wait_until_protected());
  EXPECT_THAT(worker.proc("limits"), ::testing::ContainsRegex("Max core file size +0 +0 +bytes"));
  EXPECT_THAT(worker.proc("status"), HasSubstr("NoNewPrivs:\t1\n"));
}

TEST(Worker, CannotBeTracedByItsOwnUser) {
#ifdef KOSHIN_ADDRESS_SANITIZER
  GTEST_SKIP() << "with AddressSanitizer workers stay dumpable, which its leak check needs";
#endif
  // The kernel gives /proc/PID of a process that is not dumpable to root: visible only from a worker of
  // another user.
  const bool root = ::geteuid() == 0;
  RawWorker worker({}, root ? nobody : -1);
  if (root && !worker.wait_until_protected()) {
    GTEST_SKIP() << "user " << nobody << " may not execute " << KOSHIN_WORKER << " here";
  }
  ASSERT_TRUE(worker.wait_until_protected());
  struct stat owner {};
  ASSERT_EQ(::stat(("/proc/" + std::to_string(worker.process()) + "/environ").c_str(), &owner), 0);
  EXPECT_EQ(owner.st_uid, 0U) << "a dumpable process would own it";
}

/// What becomes of tracing that process as that user: 0 or errno.
int trace_error(pid_t process, long user) {
  const pid_t tracer = ::fork();
  if (tracer == 0) {
    if (user >= 0 && ::setuid(static_cast<uid_t>(user)) != 0) ::_exit(255);
    ::_exit(::ptrace(PTRACE_SEIZE, process, nullptr, nullptr) == 0 ? 0 : errno);
  }
  int status = 0;
  ::waitpid(tracer, &status, 0);
  return WEXITSTATUS(status);
}

TEST(Worker, ADebuggerOfItsOwnUserIsRefused) {
#ifdef KOSHIN_ADDRESS_SANITIZER
  GTEST_SKIP() << "with AddressSanitizer workers stay dumpable, which its leak check needs";
#endif
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be the user and know that the machine lets it trace";
  const pid_t ordinary = ::fork();
  if (ordinary == 0) {
    if (::setuid(nobody) != 0) ::_exit(1);
    ::execl("/bin/sleep", "sleep", "60", nullptr);  // dumpable again, as every program is at its start
    ::_exit(127);
  }
  int control = -1;
  for (int i = 0; i < 200 && control != 0; ++i) {
    control = trace_error(ordinary, nobody);
    ::usleep(10'000);
  }
  ::kill(ordinary, SIGKILL);
  ::waitpid(ordinary, nullptr, 0);
  if (control != 0) GTEST_SKIP() << "skipped: here no user may trace a process of theirs: " << control;
  RawWorker worker({}, nobody);
  if (!worker.wait_until_protected())
    GTEST_SKIP() << "skipped: user " << nobody << " may not execute " << KOSHIN_WORKER << " here";
  EXPECT_EQ(trace_error(worker.process(), nobody), EPERM);
  EXPECT_EQ(trace_error(worker.guard(), nobody), EPERM) << "it has the worker's pipes for a moment";
}

TEST(Worker, AStopBeforeAnyJobIsNoHang) {
  RawWorker worker;
  ASSERT_TRUE(worker.wait_until_protected());
  worker.terminate();
  worker.close_stdin();
  EXPECT_EQ(worker.wait(), info(Reason::job_invalid).exit_code);
}

}  // namespace
}  // namespace koshin::test
