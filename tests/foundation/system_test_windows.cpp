// SPDX-License-Identifier: MIT
// What the Windows sources promise of files, paths, pipes, secrets and the loop.
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
#include "foundation/failures/failure.hpp"
#include "foundation/secrets/secret_input.hpp"
#include "foundation/secrets/secure_buffer.hpp"
#include "foundation/system/access_list_windows.hpp"
#include "foundation/system/alarm.hpp"
#include "foundation/system/atomic_file.hpp"
#include "foundation/system/bounded_file.hpp"
#include "foundation/system/event_loop.hpp"
#include "foundation/system/file_access.hpp"
#include "foundation/system/file_lock.hpp"
#include "foundation/system/handle_io.hpp"
#include "foundation/system/paths.hpp"
#include "foundation/system/pipe.hpp"
#include "support/environment.hpp"
#include "support/temporary_directory.hpp"

namespace koshin {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

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
  const Handle opened(::CreateFileW(state.c_str(), READ_CONTROL, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  const auto judgement = judge_access(opened.get(), FILE_LIST_DIRECTORY | FILE_ADD_FILE,
                                      {.caller = true, .others = {}}, "state");
  EXPECT_TRUE(judgement.owner_trusted);
  EXPECT_EQ(judgement.other, "");
}

TEST(WindowsPath, PinSourceNamesADrive) {
  EXPECT_EQ(pin_source_file("file:///C:/pin%20file"), fs::path("C:/pin file"));
  EXPECT_EQ(pin_source_file("file:C:/pin"), fs::path("C:/pin"));
  EXPECT_EQ(pin_source_file(R"(C:\pin)"), fs::path("C:/pin").make_preferred());
  EXPECT_THROW(pin_source_file("pin"), FailureError);
}

TEST(WindowsLock, IsSeenByWhoDoesNotWantIt) {
  const test::TemporaryDirectory folder;
  const fs::path file = folder.path() / "one.lock";
  EXPECT_FALSE(FileLock::held_by(file));
  auto lock = FileLock::acquire(file);
  ASSERT_TRUE(std::holds_alternative<std::unique_ptr<FileLock>>(lock));
  EXPECT_TRUE(FileLock::held_by(file));
  lock = FileLock::Holder{};
  EXPECT_FALSE(FileLock::held_by(file));
  lock = FileLock::acquire(file);
  EXPECT_TRUE(std::holds_alternative<std::unique_ptr<FileLock>>(lock));
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

/// What an alarm without a time makes of a message of the system's to its window.
std::vector<Alarm::Why> rings_after(UINT message, WPARAM word, std::chrono::nanoseconds slept) {
  EventLoop loop;
  std::vector<Alarm::Why> rings;
  std::chrono::nanoseconds asleep{0};
  Alarm alarm(
      loop,
      [&](Alarm::Why why) {
        rings.push_back(why);
        loop.stop();
      },
      [&] { return asleep; });
  asleep = slept;
  std::jthread system([message, word] {
    const HWND window = ::FindWindowW(L"koshin-alarm", nullptr);
    ::SendNotifyMessageW(window, message, word, 0);
  });
  std::jthread limit([&](const std::stop_token& over) {
    for (int i = 0; i < 100 && !over.stop_requested(); ++i) ::Sleep(100);
    loop.post([&] { loop.stop(); });
  });
  loop.run([] {});
  limit.request_stop();
  return rings;
}

TEST(WindowsAlarm, TellsThatTheClockWasSetAndThatTheMachineWoke) {
  EXPECT_THAT(rings_after(WM_TIMECHANGE, 0, {}), ElementsAre(Alarm::Why::clock_set));
  EXPECT_THAT(rings_after(WM_POWERBROADCAST, PBT_APMRESUMEAUTOMATIC, std::chrono::minutes(5)),
              ElementsAre(Alarm::Why::woke));
}

}  // namespace
}  // namespace koshin
