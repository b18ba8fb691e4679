// SPDX-License-Identifier: MIT
// What the Windows sources of the foundation promise.
#include <windows.h>

#include <gmock/gmock.h>

#include <aclapi.h>
#include <sddl.h>

#include <array>
#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "foundation/base/path_text.hpp"
#include "foundation/base/text.hpp"
#include "foundation/failures/failure.hpp"
#include "foundation/secrets/process_hardening.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/system/alarm.hpp"
#include "foundation/system/atomic_file.hpp"
#include "foundation/system/bounded_file.hpp"
#include "foundation/system/child_process.hpp"
#include "foundation/system/child_spawn_windows.hpp"
#include "foundation/system/event_loop.hpp"
#include "foundation/system/file_access.hpp"
#include "foundation/system/file_lock.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/pipe.hpp"
#include "foundation/system/wide_text_windows.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
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

void let_in(const fs::path& file, const wchar_t* descriptor) {
  PSECURITY_DESCRIPTOR made = nullptr;
  ASSERT_NE(
      ::ConvertStringSecurityDescriptorToSecurityDescriptorW(descriptor, SDDL_REVISION_1, &made, nullptr), 0);
  BOOL present = FALSE, defaulted = FALSE;
  PACL list = nullptr;
  ::GetSecurityDescriptorDacl(made, &present, &list, &defaulted);
  std::wstring name = file.native();
  EXPECT_EQ(::SetNamedSecurityInfoW(name.data(), SE_FILE_OBJECT,
                                    DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION, nullptr,
                                    nullptr, list, nullptr),
            0U);
  ::LocalFree(made);
}

fs::path write(const fs::path& path, std::string_view contents) {
  std::ofstream(path, std::ios::binary) << contents;
  return path;
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

TEST(WindowsHardening, OtherProcessesMayNotReadItsMemory) {
  const auto child = probe({"deadline"});
  const auto process = static_cast<DWORD>(child->pid());
  bool refused = false;
  for (int i = 0; i < 40 && !refused; ++i) {
    const Handle opened(::OpenProcess(PROCESS_VM_READ, FALSE, process));
    refused = !opened && ::GetLastError() == ERROR_ACCESS_DENIED;
    ::Sleep(20);
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

TEST(WindowsFile, IsReplacedWhileSomebodyReadsIt) {
  const test::TemporaryDirectory folder;
  const auto file = folder.path() / path_of("\xE6\x9B\xB4.txt");
  write_file_atomically(file, "old\n");
  std::thread reader([&] {
    const auto open = GuardedFile::open(file, Guard::write);
    ::Sleep(200);
  });
  ::Sleep(50);
  write_file_atomically(file, "new\n");
  reader.join();
  EXPECT_EQ(read_guarded_file(file, Guard::read, 100), "new\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1) << "nothing is left behind";
}

TEST(WindowsFile, ThatOthersCanWriteIsNotBelieved) {
  const test::TemporaryDirectory folder;
  const auto file = write(folder.path() / "settings", "x");
  EXPECT_EQ(read_guarded_file(file, Guard::write, 10), "x");
  let_in(file, L"D:P(A;;FA;;;OW)(A;;FA;;;WD)");
  EXPECT_THROW(GuardedFile::open(file, Guard::write), UnsafeFile);
}

TEST(WindowsFile, SecretThatOthersCanReadIsNotBelieved) {
  const test::TemporaryDirectory folder;
  write_file_atomically(folder.path() / "secret", "pin\n", 0600);
  EXPECT_EQ(read_guarded_file(folder.path() / "secret", Guard::read, 10), "pin\n");
  write_file_atomically(folder.path() / "open", "pin\n", 0644);
  EXPECT_THROW(GuardedFile::open(folder.path() / "open", Guard::read), UnsafeFile);
}

TEST(WindowsFile, InAFolderThatOthersCanChangeIsNotBelieved) {
  const test::TemporaryDirectory folder;
  fs::create_directory(folder.path() / "open");
  const auto file = write(folder.path() / "open" / "module.dll", "x");
  EXPECT_NO_THROW(check_library(file));
  let_in(folder.path() / "open", L"D:P(A;OICI;FA;;;OW)(A;OICI;FA;;;WD)");
  EXPECT_THROW(check_library(file), UnsafeFile);
}

TEST(WindowsFile, OfAnotherKindIsNamed) {
  const test::TemporaryDirectory folder;
  EXPECT_THROW(GuardedFile::open(folder.path(), Guard::write), NotAFile);
  EXPECT_FALSE(GuardedFile::open(folder.path() / "missing", Guard::write));
}

TEST(WindowsFile, ThatIsBoundedTakesNoMore) {
  const Handle file = make_bounded_file(10);
  write_all(file.get(), std::string_view("0123456"));
  std::array<char, 100> room{};
  EXPECT_EQ(read_bounded_file(file.get(), room), "0123456");
  write_all(file.get(), std::string(100000, 'x'));
  EXPECT_EQ(read_bounded_file(file.get(), room), "0123456xxx");
}

TEST(WindowsPath, StateFolderIsPrivate) {
  const test::TemporaryDirectory folder;
  test::isolate_user(folder.path());
  const auto state = paths::state_directory();
  EXPECT_EQ(state, folder.path() / "state" / "koshin");
  write(state / "journal", "x");
  EXPECT_TRUE(GuardedFile::open(state / "journal", Guard::read)) << "what is made in it is private too";
}

TEST(WindowsPath, PinSourceNamesADrive) {
  EXPECT_EQ(pin_source_file("file:///C:/pin%20file"), fs::path("C:/pin file"));
  EXPECT_EQ(pin_source_file("file:C:/pin"), fs::path("C:/pin"));
  EXPECT_EQ(pin_source_file(R"(C:\pin)"), fs::path("C:/pin").make_preferred());
  EXPECT_THROW(pin_source_file("pin"), FailureError);
}

TEST(WindowsSecret, IsInLockedMemoryThatIsWiped) {
  auto secret = SecureBuffer::copy_of(std::string_view("73519264"));
  EXPECT_EQ(std::string(secret.view().begin(), secret.view().end()), "73519264");
  secret.clear();
  EXPECT_EQ(std::string(secret.writable().data(), 8), std::string(8, '\0'));
}

TEST(WindowsPipe, LineIsReadAndWhatFollowsStays) {
  Pipe pipe = Pipe::make();
  EXPECT_FALSE(wait_until_readable(pipe.reading.get(), std::chrono::milliseconds(20)));
  write_all(pipe.writing.get(), std::string_view("pin\r\nrest"));
  EXPECT_TRUE(wait_until_readable(pipe.reading.get(), std::chrono::milliseconds(1000)));
  const auto secret = read_secret_line(pipe.reading.get());
  EXPECT_EQ(std::string(secret.view().begin(), secret.view().end()), "pin");
  std::array<char, 10> rest{};
  EXPECT_EQ(read_some(pipe.reading.get(), rest), 4U);
  pipe.writing.close();
  EXPECT_TRUE(wait_until_readable(pipe.reading.get(), std::chrono::milliseconds(0))) << "the end";
  EXPECT_EQ(read_some(pipe.reading.get(), rest), 0U);
}

TEST(WindowsLoop, HearsWakeUpsPipesAndPosts) {
  EventLoop loop;
  const WakeUp wake;
  Pipe pipe = Pipe::make();
  std::vector<std::string> heard;
  std::atomic<bool> begun{false};
  const auto done = [&](const char* what) {
    heard.emplace_back(what);
    begun = true;
    if (heard.size() == 4) loop.stop();
  };
  const auto on_wake = loop.on(wake.handle(), [&] {
    wake.clear();
    done("wake");
    write_all(pipe.writing.get(), std::string_view("a"));
  });
  const auto on_pipe = loop.on(pipe.reading.get(), [&] {
    std::array<char, 1> byte{};
    (void)read_some(pipe.reading.get(), byte);
    done(std::string(1, byte[0]).c_str());
    if (byte[0] == 'a') write_all(pipe.writing.get(), std::string_view("b"));
  });
  std::thread other([&] {
    loop.post([&] { done("post"); });
    while (!begun) ::Sleep(1);
    wake.set_off();
  });
  loop.run([] {});
  other.join();
  EXPECT_THAT(heard, ElementsAre("post", "wake", "a", "b"));
}

TEST(WindowsAlarm, RingsAtItsTime) {
  EventLoop loop;
  std::vector<Alarm::Why> rings;
  Alarm alarm(loop, [&](Alarm::Why why) {
    rings.push_back(why);
    loop.stop();
  });
  alarm.set(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) +
            std::chrono::seconds(1));
  loop.run([] {});
  EXPECT_THAT(rings, ElementsAre(Alarm::Why::time));
}

}  // namespace
}  // namespace koshin
