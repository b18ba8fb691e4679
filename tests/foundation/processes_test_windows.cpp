// SPDX-License-Identifier: MIT
// What the Windows sources promise of other processes: children, their end, what keeps them out.
// foundation_probe plays them.
#include <windows.h>

#include <gmock/gmock.h>

#include <chrono>

#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/file_lock.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Read = ChildProcess::Read;

std::chrono::steady_clock::time_point soon() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(60);
}

std::unique_ptr<ChildProcess> probe(std::vector<std::string> arguments, const ChildOptions& options = {}) {
  return ChildProcess::start(fs::absolute(PROBE), arguments, options);
}

std::string line_of(ChildProcess& child) {
  std::string line;
  return child.read_line(line, soon()) == Read::line ? line : "(end)";
}

bool has_ended(unsigned long process) {
  const Handle opened(::OpenProcess(SYNCHRONIZE, FALSE, process));
  return !opened || ::WaitForSingleObject(opened.get(), 10000) == WAIT_OBJECT_0;
}

TEST(WindowsChild, EchoesLinesAndEnds) {
  const auto child = probe({"echo"});
  child->write(std::string_view("one\n\ntwo\n"));
  child->close_stdin();
  EXPECT_EQ(line_of(*child), "one");
  EXPECT_EQ(line_of(*child), "");
  EXPECT_EQ(line_of(*child), "two");
  EXPECT_EQ(line_of(*child), "(end)");
  const auto status = child->wait_until(soon());
  ASSERT_TRUE(status);
  EXPECT_FALSE(status->crashed);
  EXPECT_EQ(status->code, 7);
}

TEST(WindowsChild, GetsItsArgumentsAsTheyWere) {
  const std::vector<std::string> words{
      "a b", "", R"(back\slash\)", R"("quoted")", R"(\"both\\")", "\xE6\x9B\xB4\xE6\x96\xB0"};
  std::vector<std::string> arguments = words;
  arguments.insert(arguments.begin(), "arguments");
  const auto child = probe(arguments);
  for (const std::string& word : words) EXPECT_EQ(line_of(*child), word);
}

TEST(WindowsChild, IsWaitedForWithALimit) {
  const auto child = probe({"sleep"});
  std::string line;
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
  EXPECT_EQ(child->read_line(line, until), Read::timeout);
  EXPECT_FALSE(child->wait_until(until));
}

TEST(WindowsChild, IsAskedToEnd) {
  const auto child = probe({"wait"});
  EXPECT_EQ(line_of(*child), "waiting");
  child->terminate();
  EXPECT_EQ(line_of(*child), "asked to end");
  EXPECT_EQ(child->wait_until(soon())->code, 3);
}

TEST(WindowsChild, WaitsForARequestThatCameFirst) {
  const auto child = probe({"wait"});
  child->terminate();  // before the child has made its StopRequests
  EXPECT_EQ(line_of(*child), "waiting");
  EXPECT_EQ(line_of(*child), "asked to end");
}

TEST(WindowsChild, CrashIsTold) {
  const auto child = probe({"crash"});
  const auto status = child->wait_until(soon());
  ASSERT_TRUE(status);
  EXPECT_TRUE(status->crashed);
  EXPECT_EQ(static_cast<unsigned>(status->code), 0xC0000005U);
}

TEST(WindowsChild, KillIsToldAsACrash) {
  const auto child = probe({"sleep"});
  child->kill();
  const auto status = child->wait_until(soon());
  ASSERT_TRUE(status);
  EXPECT_TRUE(status->crashed);
}

TEST(WindowsChild, KeepsOnlySoMuchOfItsErrors) {
  const auto child = probe({"errors"}, {.keep_errors = true});
  ASSERT_TRUE(child->wait_until(soon()));
  EXPECT_EQ(child->errors(), std::string(printable_limit, 'e'));
}

TEST(WindowsChild, WhatItLeavesBehindEndsWithIt) {
  const auto child = probe({"leave"}, {.whole_tree = true});
  const auto grandchild = std::stoul(line_of(*child));
  ASSERT_TRUE(child->wait_until(soon()));
  std::string line;
  EXPECT_EQ(child->read_line(line, soon()), Read::end) << "not held up by who holds the pipe";
  EXPECT_TRUE(has_ended(grandchild));
}

/// Whether this system keeps a job's limits at all; wine takes them and forgets them.
bool keeps_limits_of_jobs() {
  const Handle job(::CreateJobObjectW(nullptr, nullptr));
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
  limits.BasicLimitInformation.ActiveProcessLimit = 3;
  if (::SetInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits) == 0)
    return false;
  limits = {};
  return ::QueryInformationJobObject(job.get(), JobObjectExtendedLimitInformation, &limits, sizeof limits,
                                     nullptr) != 0 &&
         limits.BasicLimitInformation.ActiveProcessLimit == 3;
}

bool is_wine() {
  return ::GetProcAddress(::GetModuleHandleW(L"ntdll.dll"), "wine_get_version") != nullptr;
}

TEST(WindowsChild, WithForeignLibrariesGetsFourGibibytesAndNoMore) {
  if (!keeps_limits_of_jobs()) GTEST_SKIP() << "this system keeps no limits of jobs";
  const auto child = probe({"eat"}, {.whole_tree = true});
  const int mebibytes = std::stoi(line_of(*child));
  EXPECT_GE(mebibytes, 3 * 1024);
  EXPECT_LE(mebibytes, 4 * 1024);
}

TEST(WindowsChild, WithForeignLibrariesStartsSixtyThreeProcessesAndNoMore) {
  if (!keeps_limits_of_jobs()) GTEST_SKIP() << "this system keeps no limits of jobs";
  const auto child = probe({"breed"}, {.whole_tree = true});
  const int children = std::stoi(line_of(*child));
  EXPECT_GE(children, 60);
  EXPECT_LE(children, 63) << "with itself 64";
}

std::string all_of(ChildProcess& child) {
  std::string text, line;
  while (child.read_line(line, soon()) == Read::line) text += line + '\n';
  return text;
}

TEST(WindowsChild, HasTheEnvironmentAndTheFolderThatItIsGiven) {
  const std::string root = "SystemRoot=" + fs::path(_wgetenv(L"SystemRoot")).string();
  const auto child = probe({"surroundings", "ONE", "APPDATA"},
                           {.environment = std::vector<std::string>{root, "ONE=\xE6\x9B\xB4 b"},
                            .working_directory = "C:/windows"});
  EXPECT_EQ(line_of(*child), "ONE=\xE6\x9B\xB4 b");
  EXPECT_EQ(line_of(*child), "no APPDATA");
  EXPECT_TRUE(fs::equivalent(line_of(*child), "C:/windows"));
}

TEST(WindowsChild, ThatCannotGoToItsFolderIsAFailure) {
  EXPECT_THROW((void)probe({"echo"}, {.working_directory = "Z:/no/such/folder"}), FailureError);
}

TEST(WindowsChild, ErrorsMayComeWithTheOutput) {
  const auto child = probe({"errors"}, {.errors_with_output = true});
  EXPECT_EQ(all_of(*child), std::string(10000, 'e') + '\n');
}

TEST(WindowsChild, ProgramThatIsNotThereIsNamed) {
  try {
    (void)ChildProcess::start("Z:/no/such/program.exe", {});
    FAIL();
  } catch (const FailureError& error) {
    EXPECT_EQ(error.failure().reason, Reason::worker_failed);
    EXPECT_THAT(error.failure().detail, HasSubstr("program.exe"));
  }
}

TEST(WindowsHardening, DeadlineEndsTheProcessWithItsLastWords) {
  const auto child = probe({"deadline"});
  EXPECT_EQ(line_of(*child), "");
  EXPECT_EQ(line_of(*child), "last words");
  const auto status = child->wait_until(soon());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, info(Reason::deadline_exceeded).exit_code);
}

TEST(WindowsHardening, RestrictionsAreInForce) {
  if (is_wine()) GTEST_SKIP() << "wine has no restrictions of processes";
  const auto child = probe({"policies"});
  PROCESS_MITIGATION_EXTENSION_POINT_DISABLE_POLICY hooks{};
  PROCESS_MITIGATION_IMAGE_LOAD_POLICY images{};
  PROCESS_MITIGATION_ASLR_POLICY places{};
  hooks.Flags = std::stoul(line_of(*child));
  images.Flags = std::stoul(line_of(*child));
  places.Flags = std::stoul(line_of(*child));
  EXPECT_TRUE(hooks.DisableExtensionPoints);
  EXPECT_TRUE(images.NoRemoteImages);
  EXPECT_TRUE(images.NoLowMandatoryLabelImages);
  EXPECT_TRUE(images.PreferSystem32Images);
  EXPECT_TRUE(places.EnableHighEntropy);
}

TEST(WindowsHardening, OtherProcessesMayNotReadItsMemory) {
  const auto child = probe({"deadline"});
  const auto process = static_cast<DWORD>(child->pid());
  bool refused = false;
  // From its protection on, which comes when it has started, until its end a second later.
  while (!refused && !child->wait_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(20))) {
    const Handle opened(::OpenProcess(PROCESS_VM_READ, FALSE, process));
    refused = !opened && ::GetLastError() == ERROR_ACCESS_DENIED;
  }
  EXPECT_TRUE(refused);
}

TEST(WindowsLock, KeepsOutAnotherProcessAndTheOwn) {
  const test::TemporaryDirectory folder;
  const auto file = folder.path() / "lock";
  {
    auto mine = FileLock::acquire(file);
    ASSERT_TRUE(std::holds_alternative<std::unique_ptr<FileLock>>(mine));
    EXPECT_TRUE(std::holds_alternative<FileLock::Holder>(FileLock::acquire(file)));
    EXPECT_EQ(line_of(*probe({"lock", file.string()})), "busy");
  }
  const auto child = probe({"lock", file.string()});
  EXPECT_EQ(line_of(*child), "locked");
  EXPECT_TRUE(std::holds_alternative<FileLock::Holder>(FileLock::acquire(file)));
  child->kill();
  ASSERT_TRUE(child->wait_until(soon()));
  EXPECT_TRUE(std::holds_alternative<std::unique_ptr<FileLock>>(FileLock::acquire(file)))
      << "the dead hold nothing";
}

}  // namespace
}  // namespace koshin
