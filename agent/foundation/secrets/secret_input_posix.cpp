// SPDX-License-Identifier: MIT
// The terminal on POSIX systems.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // sigaction is not in <csignal>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <system_error>

#include "foundation/secrets/secret_input.hpp"
#include "foundation/system/handle_io.hpp"

namespace koshin {
namespace {

using Clock = std::chrono::steady_clock;

/// Where the signal handler writes the number of the signal. One prompt at a time.
std::atomic<int> wake_descriptor{-1};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler uses it");

extern "C" void koshin_prompt_signal(int number) {
  const int saved = errno;
  const auto byte = static_cast<char>(number);
  (void)!write(wake_descriptor.load(), &byte, 1);
  errno = saved;
}

/// During its lifetime, signals that would end or stop the program, and stop requests, arrive as bytes in a
/// pipe.
class SignalPipe {
 public:
  SignalPipe() {
    if (pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) != 0)
      throw std::system_error(errno, std::generic_category(), "pipe2");
    wake_descriptor = ends_[1];
    catch_signals();
  }
  ~SignalPipe() {
    release_signals();
    wake_descriptor = -1;
    close(ends_[0]);
    close(ends_[1]);
  }
  SignalPipe(const SignalPipe&) = delete;
  SignalPipe& operator=(const SignalPipe&) = delete;

  void catch_signals() {
    struct sigaction action {};
    action.sa_handler = koshin_prompt_signal;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < caught.size(); ++i) {
      sigaction(caught[i], nullptr, &before_[i]);
      if (before_[i].sa_handler != SIG_IGN)
        sigaction(caught[i], &action, nullptr);  // keeps signals ignored that nohup ignores
    }
  }
  void release_signals() {
    for (std::size_t i = 0; i < caught.size(); ++i) sigaction(caught[i], &before_[i], nullptr);
  }
  int descriptor() const { return ends_[0]; }
  void wake() const {
    const char byte = 0;
    (void)!write(ends_[1], &byte, 1);
  }
  /// The signal's number, 0 for a stop request.
  int take() const {
    char byte = 0;
    return ::read(ends_[0], &byte, 1) == 1 ? byte : 0;
  }

 private:
  static constexpr std::array<int, 5> caught{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
  std::array<int, 2> ends_{-1, -1};
  std::array<struct sigaction, caught.size()> before_{};
};

/// The controlling terminal without echo; its mode is restored by the destructor.
class QuietTerminal {
 public:
  QuietTerminal() : descriptor_(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (descriptor_ < 0) fail(Reason::pin_required, "there is no terminal to ask on");
    if (tcgetattr(descriptor_, &before_) != 0) {
      close(descriptor_);
      fail(Reason::pin_required, "the terminal cannot be asked not to show what is typed");
    }
  }
  ~QuietTerminal() {
    restore();
    close(descriptor_);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

  void quiet() {
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
    silent.c_lflag |= ICANON | ISIG;
    if (tcsetattr(descriptor_, TCSAFLUSH, &silent) != 0)
      fail(Reason::pin_required, "the terminal cannot be asked not to show what is typed");
    quiet_ = true;
  }
  /// Discards unread input: the rest of a secret must not reach the shell.
  void restore() noexcept {
    if (!quiet_) return;
    (void)tcsetattr(descriptor_, TCSAFLUSH, &before_);
    quiet_ = false;
  }
  void say(std::string_view text) const { write_all(descriptor_, {text.data(), text.size()}); }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
  termios before_{};
  bool quiet_ = false;
};

enum class Key { character, line_end, input_end, woken, timeout };

/// Waits for one typed byte and stores it in `c`.
Key next_key(const QuietTerminal& terminal, const SignalPipe& signals, Clock::time_point until, char& c) {
  while (true) {
    std::array<pollfd, 2> wait{{{signals.descriptor(), POLLIN, 0}, {terminal.descriptor(), POLLIN, 0}}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    const int ready =
        poll(wait.data(), wait.size(), static_cast<int>(std::clamp<long long>(left, 0, 3600000)));
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0 && Clock::now() < until) continue;
    if (ready <= 0) return Key::timeout;
    if (wait[0].revents != 0) return Key::woken;
    if (read_some(terminal.descriptor(), {&c, 1}) == 0) return Key::input_end;
    return c == '\n' ? Key::line_end : Key::character;
  }
}

/// One attempt. Empty when a signal or a stop request interrupts it.
std::optional<SecureBuffer> read_line_quietly(const QuietTerminal& terminal, const SignalPipe& signals,
                                              Clock::time_point until) {
  SecureBuffer secret(max_secret + 1);  // the last place is for the newline
  while (true) {
    switch (next_key(terminal, signals, until, secret.writable()[secret.size()])) {
      case Key::character:
        secret.resize(secret.size() + 1);
        if (secret.size() > max_secret) {
          fail(Reason::secret_unusable, "longer than " + std::to_string(max_secret) + " bytes");
        }
        break;
      case Key::line_end:
        return secret;
      case Key::input_end:
        fail(Reason::pin_cancelled, "the terminal's input ended");
      case Key::timeout:
        fail(Reason::pin_cancelled, "nothing was entered in time");
      case Key::woken:
        return std::nullopt;
    }
  }
}

/// Delivers a signal with its original effect, with the terminal's mode restored.
void let_through(int number, QuietTerminal& terminal, SignalPipe& signals) {
  terminal.say("\n");
  terminal.restore();
  signals.release_signals();
  (void)::raise(number);
  signals.catch_signals();
  if (number != SIGTSTP) fail(Reason::pin_cancelled, "interrupted by signal " + std::to_string(number));
}

}  // namespace

SecureBuffer prompt_secret(std::string_view prompt, const std::stop_token& stop, std::chrono::seconds limit) {
  static std::mutex one_at_a_time;
  const std::scoped_lock lock(one_at_a_time);
  const auto until = Clock::now() + limit;
  SignalPipe signals;
  const std::stop_callback on_stop(stop, [&] { signals.wake(); });
  QuietTerminal terminal;
  while (true) {
    terminal.quiet();
    terminal.say(printable(prompt));
    auto secret = read_line_quietly(terminal, signals, until);
    if (secret) {
      terminal.say("\n");
      if (secret->empty()) fail(Reason::pin_required, "nothing was entered");
      check_secret_was_typed_in_utf8(*secret);
      return std::move(*secret);
    }
    const int number = signals.take();
    if (number == 0) fail(Reason::interrupted, "stopped while asking");
    let_through(number, terminal, signals);
  }
}

std::string terminal_name() {
  std::array<char, 256> name{};
  for (const int descriptor : {STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO}) {
    if (ttyname_r(descriptor, name.data(), name.size()) == 0) return name.data();
  }
  const char* const named = std::getenv("GPG_TTY");
  return named == nullptr ? std::string() : named;
}

}  // namespace koshin
