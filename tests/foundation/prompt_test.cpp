// SPDX-License-Identifier: MIT
// The prompt without echo, on a real pseudo-terminal.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>

namespace koshin {
namespace {

using testing::HasSubstr;
using testing::Not;
using Clock = std::chrono::steady_clock;

/// The probe on a terminal of its own; the test sits at the keyboard.
class Desk {
 public:
  explicit Desk(const char* thing) {
    pid_ = forkpty(&keyboard_, nullptr, nullptr, nullptr);
    if (pid_ == 0) {
      execl(PROBE, PROBE, thing, nullptr);
      _exit(127);
    }
  }
  ~Desk() {
    if (!reaped_) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(keyboard_);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  void type(std::string_view text) const {
    ASSERT_EQ(write(keyboard_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  /// Reads the screen until `text` has appeared. False when it does not.
  bool shows(std::string_view text, std::size_t from = 0) {
    for (const auto until = Clock::now() + std::chrono::seconds(60);
         screen_.find(text, from) == std::string::npos;) {
      pollfd wait{keyboard_, POLLIN, 0};
      std::array<char, 256> chunk{};
      if (Clock::now() > until || poll(&wait, 1, 1000) < 0) return false;
      if ((wait.revents & (POLLIN | POLLHUP)) == 0) continue;
      const ssize_t count = read(keyboard_, chunk.data(), chunk.size());
      if (count <= 0) return false;
      screen_.append(chunk.data(), static_cast<std::size_t>(count));
    }
    return true;
  }
  bool echoes() const {
    termios state{};
    EXPECT_EQ(tcgetattr(keyboard_, &state), 0);
    return (state.c_lflag & ECHO) != 0;
  }
  int wait_status() {
    int status = 0;
    waitpid(pid_, &status, 0);
    reaped_ = true;
    return status;
  }
  const std::string& screen() const { return screen_; }
  pid_t pid() const { return pid_; }

 private:
  int keyboard_ = -1;
  pid_t pid_ = -1;
  bool reaped_ = false;
  std::string screen_;
};

TEST(Prompt, DoesNotShowWhatIsTypedAndRestoresTheTerminal) {
  Desk desk("prompt");
  ASSERT_TRUE(desk.shows("PIN"));
  EXPECT_FALSE(desk.echoes());
  desk.type("987654\n");
  ASSERT_TRUE(desk.shows("got 6 beginning with 9"));
  EXPECT_TRUE(desk.echoes());
  EXPECT_THAT(desk.screen(), Not(HasSubstr("87654")));
  EXPECT_THAT(desk.screen(), Not(HasSubstr("\x1b"))) << "the prompt's text is made printable";
  EXPECT_EQ(desk.wait_status(), 0);
}

TEST(Prompt, RestoresTheTerminalBeforeASignalEndsTheProgram) {
  for (const int number : {SIGINT, SIGTERM, SIGQUIT, SIGHUP}) {
    Desk desk("prompt");
    ASSERT_TRUE(desk.shows("PIN"));
    desk.type("98");
    kill(desk.pid(), number);
    const int status = desk.wait_status();
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), number);
    EXPECT_TRUE(desk.echoes());
  }
}

TEST(Prompt, CtrlCOnTheKeyboardEndsItToo) {
  Desk desk("prompt");
  ASSERT_TRUE(desk.shows("PIN"));
  desk.type("98\x03");
  EXPECT_EQ(WTERMSIG(desk.wait_status()), SIGINT);
  EXPECT_TRUE(desk.echoes());
}

TEST(Prompt, IsCancelledByASignalThatTheProgramSurvives) {
  Desk desk("prompt-surviving-signals");
  ASSERT_TRUE(desk.shows("PIN"));
  desk.type("\x03");
  ASSERT_TRUE(desk.shows("failed pin_cancelled"));
  EXPECT_TRUE(desk.echoes());
}

TEST(Prompt, AsksAgainAfterItWasStoppedAndForgetsWhatWasTyped) {
  Desk desk("prompt");
  ASSERT_TRUE(desk.shows("PIN"));
  desk.type("11");
  // Without a shell above it the system does not really stop it; the way through the handler is the same.
  kill(desk.pid(), SIGTSTP);
  ASSERT_TRUE(desk.shows("PIN", desk.screen().size()));
  EXPECT_FALSE(desk.echoes());
  desk.type("2345\n");
  EXPECT_TRUE(desk.shows("got 4 beginning with 2"));
}

TEST(Prompt, IsGivenUpOnAStopRequest) {
  Desk desk("prompt-stopped");
  ASSERT_TRUE(desk.shows("PIN"));
  kill(desk.pid(), SIGUSR1);
  ASSERT_TRUE(desk.shows("failed interrupted"));
  EXPECT_TRUE(desk.echoes());
}

TEST(Prompt, EndOfInputAndAnEmptyLineAreNoPin) {
  Desk ended("prompt");
  ASSERT_TRUE(ended.shows("PIN"));
  ended.type("\x04");
  EXPECT_TRUE(ended.shows("failed pin_cancelled"));
  Desk empty("prompt");
  ASSERT_TRUE(empty.shows("PIN"));
  empty.type("\n");
  EXPECT_TRUE(empty.shows("failed pin_required"));
}

TEST(Prompt, ThatIsTooLongIsRefusedAndTheRestThrownAway) {
  Desk desk("prompt");
  ASSERT_TRUE(desk.shows("PIN"));
  desk.type(std::string(1100, '7') + "\n");
  ASSERT_TRUE(desk.shows("failed secret_unusable"));
  EXPECT_TRUE(desk.echoes());
  EXPECT_THAT(desk.screen(), Not(HasSubstr("777")));
}

TEST(Prompt, WhatIsNoUtf8IsRefused) {
  Desk desk("prompt");
  ASSERT_TRUE(desk.shows("PIN"));
  desk.type(
      "\x82\xb3\x82\xad"
      "12\n");
  EXPECT_TRUE(desk.shows("failed secret_unusable"));
}

TEST(Prompt, WithoutATerminalIsPinRequired) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    setsid();  // no controlling terminal
    dup2(ends[1], STDOUT_FILENO);
    execl(PROBE, PROBE, "prompt", nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::array<char, 256> text{};
  const ssize_t count = read(ends[0], text.data(), text.size());
  close(ends[0]);
  waitpid(child, nullptr, 0);
  EXPECT_THAT(std::string(text.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))),
              HasSubstr("failed pin_required: there is no terminal"));
}

}  // namespace
}  // namespace koshin
